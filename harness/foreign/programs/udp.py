"""Sends itself datagrams, 100 of 200 bytes."""
import socket

here = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
here.bind(("127.0.0.1", 0))
there = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(100):
    there.sendto(b"x" * 200, here.getsockname())
    here.recv(500)
