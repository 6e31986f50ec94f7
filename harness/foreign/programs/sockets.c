/* One way of handling sockets each: sockets <way> <port>. An echo unless the way says otherwise. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static char buffer[100000];

static void echo(int one) {
  for (ssize_t n; (n = read(one, buffer, sizeof buffer)) > 0;)
    for (ssize_t done = 0; done < n;) done += write(one, buffer + done, n - done);
  close(one);
}

static void echo_spliced(int one) {
  int ends[2];
  if (pipe(ends)) exit(1);
  for (ssize_t n; (n = splice(one, 0, ends[1], 0, 65536, 0)) > 0;)
    while (n > 0) n -= splice(ends[0], 0, one, 0, n, 0);
  close(one), close(ends[0]), close(ends[1]);
}

static void send_itself(int one) {
  int file = open("/proc/self/exe", O_RDONLY);
  read(one, buffer, sizeof buffer);
  while (sendfile(one, file, 0, 1 << 20) > 0);
  close(file), shutdown(one, SHUT_WR);
  while (read(one, buffer, sizeof buffer) > 0);
  close(one);
}

static void answer_after_end(int one) {
  while (read(one, buffer, sizeof buffer) > 0);
  for (int k = 0; k < 5; k++) write(one, buffer, sizeof buffer);
  close(one);
}

static void reset(int one) {
  struct linger at_once = {1, 0};
  for (int n = 0; n < 5000;) n += read(one, buffer, sizeof buffer);
  setsockopt(one, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(one);
}

static void flood(int one) {
  while (write(one, buffer, sizeof buffer) > 0);
}

static void echo_in_child(int one) {
  if (fork() == 0) echo(one), exit(0);
  close(one);
}

/* Another process takes it over a Unix socket. */
static int carrier[2];
static void pass(int one) {
  char byte = 0, room[CMSG_SPACE(sizeof one)] = {0};
  struct iovec part = {&byte, 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
  struct cmsghdr *head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET, head->cmsg_type = SCM_RIGHTS, head->cmsg_len = CMSG_LEN(sizeof one);
  memcpy(CMSG_DATA(head), &one, sizeof one);
  sendmsg(carrier[0], &message, 0);
  close(one);
}
static void take(void) {
  for (;;) {
    int one;
    char byte, room[CMSG_SPACE(sizeof one)];
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    if (recvmsg(carrier[1], &message, 0) <= 0) exit(0);
    memcpy(&one, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof one);
    echo(one);
  }
}

int main(int count, char **words) {
  const char *way = words[1];
  int is_mptcp = !strncmp(way, "mptcp", 5), yes = 1;
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(atoi(words[2])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int entry = socket(AF_INET, SOCK_STREAM, is_mptcp ? 262 : 0);
  signal(SIGCHLD, SIG_IGN);
  if (entry < 0) return 1;
  if (!strcmp(way, "mptcp-client")) {
    long sent = 0, got = 0;
    if (connect(entry, (void *)&here, sizeof here)) return 1;
    for (int k = 0; k < 10; k++) {
      sent += write(entry, buffer, 10000);
      while (got < sent) got += read(entry, buffer, sizeof buffer);
    }
    printf("%ld %ld\n", sent, got);
    return 0;
  }
  setsockopt(entry, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(entry, (void *)&here, sizeof here) || listen(entry, 100)) return 1;
  if (!strcmp(way, "pass")) {
    socketpair(AF_UNIX, SOCK_STREAM, 0, carrier);
    if (fork() == 0) close(entry), take();
  }
  for (;;) {
    int one = accept(entry, 0, 0);
    if (!strcmp(way, "splice")) echo_spliced(one);
    else if (!strcmp(way, "sendfile")) send_itself(one);
    else if (!strcmp(way, "half-close")) answer_after_end(one);
    else if (!strcmp(way, "reset")) reset(one);
    else if (!strcmp(way, "flood")) flood(one);
    else if (!strcmp(way, "fork")) echo_in_child(one);
    else if (!strcmp(way, "pass")) pass(one);
    else echo(one);
  }
}
