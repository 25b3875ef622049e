"""The application of the fault tests: it checks the hash of each body, records the number of each request, and answers with content
that follows from the path, /location/number/size. While there is a file `slow` in its folder, each answer takes longer.
"""
import hashlib
import os
import time

RECORD = os.open(os.environ['RECORD'], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def app(environ, start_response):
    body = environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0))
    number, size = environ['PATH_INFO'].split('/')[-2:]
    if hashlib.sha256(body).hexdigest() != environ['HTTP_BODY_SHA256']:
        start_response('400 Bad Request', [('Content-Length', '0')])
        return []
    os.write(RECORD, f'{number}\n'.encode())
    if os.path.exists('slow'):
        time.sleep(0.1)
    line = f'{number}\n'.encode()
    content = (line * (int(size) // len(line) + 1))[:int(size)]
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', size)])
    return [content]
