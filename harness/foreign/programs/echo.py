import asyncio, sys


async def echo(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(echo, sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
