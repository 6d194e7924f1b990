# A static nginx to hold against; sourced by the scripts beside it.
#   start_nginx STATUS SESSION_ID
# One process on core 0 that answers whatever it is asked with a session of that name, which may be a variable of
# nginx. Needs $temp, a folder; sets $nginx_pid and $nginx_port.
start_nginx() {
  local try
  for ((try = 0; try < 20; try++)); do
    nginx_port=$((20000 + RANDOM % 12000))
    cat >"$temp/nginx.conf" <<CONF
worker_processes 1;
daemon off;
master_process off;
pid $temp/nginx.pid;
error_log $temp/nginx.log;
events { worker_connections 8192; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path $temp/body;
  proxy_temp_path $temp/proxy;
  fastcgi_temp_path $temp/fastcgi;
  uwsgi_temp_path $temp/uwsgi;
  scgi_temp_path $temp/scgi;
  server {
    listen 127.0.0.1:$nginx_port;
    default_type application/json;
    location / { return $1 '{"session_id":"$2"}'; }
  }
}
CONF
    # It becomes the server, so that $! is the server's number.
    (exec taskset -c 0 nginx -c "$temp/nginx.conf" -p "$temp" 2>>"$temp/nginx.err") &
    nginx_pid=$!
    sleep 0.3
    if kill -0 "$nginx_pid" 2>/dev/null; then return; fi
  done
  cat "$temp/nginx.err" >&2
  return 1
}
