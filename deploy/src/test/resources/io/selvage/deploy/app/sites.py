"""The application behind the sites of the comparison: a few fixed answers, and for every other path the request as it arrived."""

FIXED = {
    '/page': ('text/html; charset=utf-8', '<html><head><title>Page</title></head><body>'
              + '<a href="http://internal.example/x">link</a>\n' * 40 + '</body></html>\n'),
    '/data.json': ('application/json', '[' + ','.join('{"id": %d, "name": "item"}' % i for i in range(100)) + ']'),
    '/stream': ('text/plain', None),
}
COOKIES = [('Set-Cookie', 'sid=1; Path=/; Domain=internal.example; HttpOnly'), ('Set-Cookie', 'theme=dark; Path=/app')]
# The loop detection, and fields that CGI (RFC 3875 section 4.1.18) has under other names: nginx passes them twice.
NOT_COMPARED = ('HTTP_CDN_LOOP', 'HTTP_CONTENT_LENGTH', 'HTTP_CONTENT_TYPE')


def received(environ):
    """What an application can see of a request, one name a line."""
    target = environ.get('RAW_URI') or environ.get('REQUEST_URI') or ''
    lines = ['%s %s' % (environ['REQUEST_METHOD'], target)]
    for name in sorted(environ):
        value = environ[name]
        closes = name == 'HTTP_CONNECTION' and value == 'close'
        if name.startswith('HTTP_') and name not in NOT_COMPARED and not closes:
            lines.append('%s: %s' % (name, value))
    for name in ('SCRIPT_NAME', 'PATH_INFO', 'QUERY_STRING', 'CONTENT_TYPE', 'CONTENT_LENGTH', 'UWSGI_SCHEME'):
        if environ.get(name):
            lines.append('%s = %s' % (name, environ[name]))
    length = int(environ.get('CONTENT_LENGTH') or 0)
    lines.append('body: ' + environ['wsgi.input'].read(length).decode('latin-1'))
    return '\n'.join(lines) + '\n'


def app(environ, start_response):
    path = environ.get('PATH_INFO', '')
    status = '200 OK'
    kind = 'text/plain'
    fields = []
    body = None
    if path.startswith('/status/'):
        status = path[len('/status/'):] + ' Status'
        body = status + '\n'
    elif path == '/check':
        allowed = {'good': '200 OK', 'forbidden': '403 Forbidden'}
        status = allowed.get(environ.get('HTTP_X_TOKEN'), '401 Unauthorized')
        fields.append(('X-Auth-User', 'ada'))
        body = ''
    elif path.startswith('/accel/'):
        fields.append(('X-Accel-Redirect', '/protected/' + path[len('/accel/'):]))
        body = ''
    elif path in ('/redirect', '/redirect-local'):
        status = '302 Found'
        host = 'http://' + environ['HTTP_HOST'] if path == '/redirect' else ''
        fields.append(('Location', host + '/landing?x=1'))
        body = ''
    elif path == '/cookie':
        fields += COOKIES + [('X-Powered-By', 'sites')]
        body = 'cookies\n'
    elif path == '/cached':
        fields += [('Cache-Control', 'public, max-age=60'), ('ETag', '"v1"'), ('Expires', 'Fri, 01 Jan 2100 00:00:00 GMT')]
        body = 'cached\n'
    elif path in FIXED:
        kind, body = FIXED[path]
    else:
        body = received(environ)
    fields.append(('Content-Type', kind))
    if body is None:
        start_response(status, fields)
        return [b'one\n', b'two\n', b'three\n']
    fields.append(('Content-Length', str(len(body.encode()))))
    start_response(status, fields)
    return [body.encode()]
