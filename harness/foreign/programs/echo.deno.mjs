for await (const one of Deno.listen({ hostname: "127.0.0.1", port: Number(Deno.args[0]) }))
  one.readable.pipeTo(one.writable).catch(() => {});
