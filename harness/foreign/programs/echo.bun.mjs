Bun.listen({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  socket: {
    data: (socket, bytes) => void socket.write(bytes),
    end: (socket) => void socket.end(),
  },
});
