use IO::Socket::INET;
$SIG{CHLD} = "IGNORE";
my $entry = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], Listen => 50, ReuseAddr => 1) or die;
while (1) {
  my $one = $entry->accept or next;
  unless (fork) {
    while (sysread($one, my $bytes, 65536)) { syswrite($one, $bytes) }
    exit;
  }
  close $one;
}
