"""The application behind the proxy: tells what it was asked, takes and gives long bodies, streams."""
import hashlib
import os

from flask import Flask, Response, jsonify, request

app = Flask(__name__)
BLOCK = 64 * 1024


@app.route('/download/<int:size>')
def download(size):
    def blocks():
        left = size
        while left > 0:
            yield bytes(min(left, BLOCK))
            left -= BLOCK
    return Response(blocks(), headers={'Content-Length': str(size)}, mimetype='application/octet-stream')


@app.route('/events')
def events():
    """The second event waits until somebody opens the named pipe of the query for writing."""
    gate = request.args['gate']

    def both():
        yield 'data: first\n\n'
        with open(gate) as pipe:
            pipe.read()
        yield 'data: second\n\n'
    return Response(both(), mimetype='text/event-stream')


@app.route('/', defaults={'path': ''}, methods=['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
@app.route('/<path:path>', methods=['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
def echo(path):
    digest, length = hashlib.sha256(), 0
    while block := request.stream.read(BLOCK):
        digest.update(block)
        length += len(block)
    return jsonify(
        peer=os.environ.get('PEER', ''),
        pid=os.getpid(),
        method=request.method,
        path=request.path,
        query=request.query_string.decode('latin-1'),
        remote_addr=request.environ.get('REMOTE_ADDR', ''),
        headers={name.lower(): value for name, value in request.headers.items()},
        length=length,
        sha256=digest.hexdigest())
