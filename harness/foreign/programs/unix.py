"""Talks to itself over a Unix socket that has a name: 20,000 bytes."""
import socket, sys

entry = socket.socket(socket.AF_UNIX)
entry.bind(sys.argv[1])
entry.listen()
dialled = socket.socket(socket.AF_UNIX)
dialled.connect(sys.argv[1])
accepted, _ = entry.accept()
for _ in range(20):
    dialled.sendall(b"x" * 1000)
    accepted.recv(5000)
