#!/usr/bin/env bash
# official_host.sh SCENARIO [OPTIONS OF SERVE…] -- COMMAND…
#
# Runs a command in a network of its own in which https://api.cloudcruise.com is `sluice serve SCENARIO`: for clients
# that speak to that host and to no other. Inside it the name stands in /etc/hosts and the mock has port 443; the
# machine's own files and network stay as they are, and nothing outside can be reached. The certificate is new each
# time, and given to Node.js, Python and curl by their variables.
# SLUICE names the program. Needs ip and unshare (iproute2, util-linux), and root or user namespaces. Ends as the
# command does; 77: no such network can be had; 1: the mock did not start, or did not end well.
set -euo pipefail

# Set inside the network, to the folder for its files.
if [[ -z ${OFFICIAL_HOST_FOLDER:-} ]]; then
  how=(unshare --mount --net)
  "${how[@]}" true 2>/dev/null || how=(unshare --user --map-root-user --mount --net)
  command -v ip >/dev/null && "${how[@]}" true 2>/dev/null || {
    echo "skipped: a network of its own needs ip and unshare, and root or user namespaces"
    exit 77
  }
  OFFICIAL_HOST_FOLDER=$(mktemp -d)
  export OFFICIAL_HOST_FOLDER
  trap 'rm -rf "$OFFICIAL_HOST_FOLDER"' EXIT
  "${how[@]}" bash "$0" "$@" && exit || exit
fi

folder=$OFFICIAL_HOST_FOLDER
options=()
while (($#)) && [[ $1 != -- ]]; do options+=("$1") && shift; done
shift || { echo "no command: official_host.sh SCENARIO [OPTIONS OF SERVE…] -- COMMAND…" >&2; exit 2; }

ip link set lo up
echo '127.0.0.1 localhost api.cloudcruise.com' >"$folder/hosts"
mount --bind "$folder/hosts" /etc/hosts
certificate=$folder/certificate.pem
"${SLUICE:-sluice}" serve "${options[@]}" --listen 127.0.0.1:443 --tls-self-signed \
  --tls-write-certificate "$certificate" 2>"$folder/log" &
mock=$!
trap 'kill "$mock" 2>/dev/null || true' EXIT
until grep -qs '^listening on' "$folder/log"; do
  kill -0 "$mock" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
  sleep 0.05
done

export NODE_EXTRA_CA_CERTS=$certificate CURL_CA_BUNDLE=$certificate
export SSL_CERT_FILE=$certificate REQUESTS_CA_BUNDLE=$certificate # Python
code=0 ended=0
"$@" || code=$?
kill -TERM "$mock"
wait "$mock" || ended=$?
((ended == 0)) || { echo "sluice serve ended with $ended" >&2; cat "$folder/log" >&2; exit 1; }
exit "$code"
