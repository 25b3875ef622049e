<?php
// The application behind the proxy: tells what it was asked, and writes an error if it is asked to.
header('Content-Type: application/json');
header('X-Powered-By: the application');
if (isset($_GET['error'])) {
    error_log('asked for an error');
}
if (isset($_GET['status'])) {
    http_response_code((int) $_GET['status']);
}
if (isset($_GET['download'])) {
    for ($left = (int) $_GET['download']; $left > 0; $left -= 65536) {
        echo str_repeat("\0", min($left, 65536));
    }
    return;
}
$body = file_get_contents('php://input');
echo json_encode([
    'method' => $_SERVER['REQUEST_METHOD'],
    'path' => $_SERVER['DOCUMENT_URI'],
    'script' => $_SERVER['SCRIPT_NAME'],
    'info' => $_SERVER['PATH_INFO'] ?? '',
    'query' => $_SERVER['QUERY_STRING'],
    'remote_addr' => $_SERVER['REMOTE_ADDR'],
    'host' => $_SERVER['HTTP_HOST'],
    'pid' => getmypid(),
    'length' => strlen($body),
    'sha256' => hash('sha256', $body),
], JSON_UNESCAPED_SLASHES);
