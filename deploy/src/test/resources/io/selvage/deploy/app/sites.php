<?php
header('Content-Type: text/plain; charset=utf-8');
$names = ['REQUEST_METHOD', 'REQUEST_URI', 'SCRIPT_NAME', 'SCRIPT_FILENAME', 'DOCUMENT_URI', 'DOCUMENT_ROOT', 'PATH_INFO', 'QUERY_STRING',
    'CONTENT_TYPE', 'CONTENT_LENGTH', 'SERVER_NAME', 'SERVER_PROTOCOL', 'REQUEST_SCHEME', 'REMOTE_ADDR', 'GATEWAY_INTERFACE',
    'REDIRECT_STATUS', 'modHeadersAvailable'];
// the loop detection, and fields that CGI (RFC 3875 section 4.1.18) has under other names: nginx passes them twice
$not_compared = ['HTTP_CONNECTION', 'HTTP_CDN_LOOP', 'HTTP_CONTENT_LENGTH', 'HTTP_CONTENT_TYPE'];
echo basename(__FILE__), "\n";
foreach ($names as $name) {
    if (isset($_SERVER[$name])) {
        echo "$name = $_SERVER[$name]\n";
    }
}
ksort($_SERVER);
foreach ($_SERVER as $name => $value) {
    if (str_starts_with($name, 'HTTP_') && !in_array($name, $not_compared)) {
        echo "$name: $value\n";
    }
}
echo 'body: ', file_get_contents('php://input'), "\n";
