package main

import (
	"io"
	"net"
	"os"
)

func main() {
	entry, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		panic(err)
	}
	for {
		one, err := entry.Accept()
		if err != nil {
			return
		}
		go func() {
			io.Copy(one, one)
			one.Close()
		}()
	}
}
