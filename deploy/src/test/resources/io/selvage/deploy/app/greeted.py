"""Calls the service of greeter.py at an address, with TLS if a certificate is given, and prints what comes back."""
import queue
import sys

import grpc

address = sys.argv[1]
if len(sys.argv) > 2:
    with open(sys.argv[2], "rb") as file:
        channel = grpc.secure_channel(address, grpc.ssl_channel_credentials(file.read()))
else:
    channel = grpc.insecure_channel(address)


def show(what, value):
    print(what + ":", value, flush=True)


def unary(name, message):
    return channel.unary_unary("/demo.Greeter/" + name).with_call(message, timeout=20)


answer, call = unary("Hello", b"you")
show("unary", answer.decode())
show("initial", dict(call.initial_metadata())["x-first"])
show("trailing", dict(call.trailing_metadata())["x-last"])
try:
    unary("Fail", b"thing")
except grpc.RpcError as error:
    show("status", error.code().name + " " + error.details() + " " + dict(error.trailing_metadata())["x-why"])
show("server streaming", sum(int(each) for each in channel.unary_stream("/demo.Greeter/Count")(b"1000", timeout=20)))
parts = (b"x" * 10_000 for _ in range(300))
show("client streaming", channel.stream_unary("/demo.Greeter/Total")(parts, timeout=20).decode())

said = queue.Queue()
heard = channel.stream_stream("/demo.Greeter/Chat")(iter(said.get, None), timeout=20)
for word in (b"one", b"two", b"three"):
    said.put(word)
    show("both directions", next(heard).decode())
said.put(None)
show("end", next(heard, "of the stream"))

endless = channel.unary_stream("/demo.Greeter/Endless")(b"", timeout=20)
show("endless", next(endless).decode())
endless.cancel()
show("cancelled", unary("WasCancelled", b"")[0].decode())

calls = [channel.unary_unary("/demo.Greeter/Hello").future(str(n).encode(), timeout=20) for n in range(200)]
show("at once", all(call.result() == b"hello " + str(n).encode() for n, call in enumerate(calls)))
