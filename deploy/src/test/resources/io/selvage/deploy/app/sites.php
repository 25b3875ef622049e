<?php
header('Content-Type: text/plain; charset=utf-8');
$names = ['REQUEST_METHOD', 'REQUEST_URI', 'SCRIPT_NAME', 'SCRIPT_FILENAME', 'DOCUMENT_URI', 'DOCUMENT_ROOT', 'PATH_INFO', 'QUERY_STRING',
    'CONTENT_TYPE', 'CONTENT_LENGTH', 'SERVER_NAME', 'SERVER_PROTOCOL', 'REQUEST_SCHEME', 'REMOTE_ADDR', 'GATEWAY_INTERFACE',
    'REDIRECT_STATUS', 'modHeadersAvailable'];
echo basename(__FILE__), "\n";
foreach ($names as $name) {
    if (isset($_SERVER[$name])) {
        echo "$name = $_SERVER[$name]\n";
    }
}
ksort($_SERVER);
foreach ($_SERVER as $name => $value) {
    if (str_starts_with($name, 'HTTP_') && $name !== 'HTTP_CONNECTION') {
        echo "$name: $value\n";
    }
}
echo 'body: ', file_get_contents('php://input'), "\n";
