"""A gRPC service whose messages are plain text. Prints its port."""
from concurrent import futures
import threading

import grpc

cancelled = threading.Event()
serving = True


def check(request, context):
    """grpc.health.v1.Health/Check: the state of the service demo.Greeter, 1 (SERVING) or 2 (NOT_SERVING)."""
    if request != b"\n\x0cdemo.Greeter":
        context.abort(grpc.StatusCode.NOT_FOUND, "no such service")
    return b"\x08\x01" if serving else b"\x08\x02"


def switch(request, context):
    global serving
    serving = request == b"on"
    return b"done"


def hello(request, context):
    context.send_initial_metadata((("x-first", "initial"),))
    context.set_trailing_metadata((("x-last", "trailing"),))
    return b"hello " + request


def fail(request, context):
    context.set_trailing_metadata((("x-why", request.decode()),))
    context.abort(grpc.StatusCode.NOT_FOUND, "no such " + request.decode())


def count(request, context):
    for number in range(int(request)):
        yield str(number).encode()


def total(requests, context):
    return str(sum(len(each) for each in requests)).encode()


def chat(requests, context):
    for each in requests:
        yield b"re: " + each


def endless(request, context):
    context.add_callback(cancelled.set)
    yield b"begun"
    cancelled.wait(20)


def was_cancelled(request, context):
    return b"yes" if cancelled.wait(20) else b"no"


class Greeter(grpc.GenericRpcHandler):
    METHODS = {
        "/demo.Greeter/Hello": grpc.unary_unary_rpc_method_handler(hello),
        "/grpc.health.v1.Health/Check": grpc.unary_unary_rpc_method_handler(check),
        "/demo.Greeter/Switch": grpc.unary_unary_rpc_method_handler(switch),
        "/demo.Greeter/Fail": grpc.unary_unary_rpc_method_handler(fail),
        "/demo.Greeter/Count": grpc.unary_stream_rpc_method_handler(count),
        "/demo.Greeter/Total": grpc.stream_unary_rpc_method_handler(total),
        "/demo.Greeter/Chat": grpc.stream_stream_rpc_method_handler(chat),
        "/demo.Greeter/Endless": grpc.unary_stream_rpc_method_handler(endless),
        "/demo.Greeter/WasCancelled": grpc.unary_unary_rpc_method_handler(was_cancelled),
    }

    def service(self, details):
        return self.METHODS.get(details.method)


server = grpc.server(futures.ThreadPoolExecutor(max_workers=16))
server.add_generic_rpc_handlers((Greeter(),))
print("port", server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
server.wait_for_termination()
