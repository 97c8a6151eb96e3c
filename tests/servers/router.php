<?php
// PHP's own server: real files as they are, all else to WordPress; at will it asks to wait.
$limit = __DIR__ . '/limited';
if (is_file($limit) && (int) file_get_contents($limit) > 0) {
    file_put_contents($limit, (int) file_get_contents($limit) - 1, LOCK_EX);
    http_response_code(429);
    header('Retry-After: 1');
    exit('Too many requests');
}
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$site = __DIR__ . '/site';
if ($path !== '/' && is_file($site . $path)) {
    return false;
}
if ($path !== '/' && is_file($site . rtrim($path, '/') . '/index.php')) {
    require $site . rtrim($path, '/') . '/index.php';
    return true;
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
require $site . '/index.php';
