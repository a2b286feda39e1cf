# shellcheck shell=bash
# The addresses and keys of the two endpoints, the calls, and what to tell about them. Sourced by demo.sh.
. "$(dirname "${BASH_SOURCE[0]}")/names.sh"

secret() { k -n "$project" get secret "$1-keys" --template="{{index .data \"$2\" | base64decode}}"; }
endpoint() { k -n "$project" get "$1" -o jsonpath="{.status.endpoint.$2}"; }

read_endpoints() {
  managed_name=$(endpoint "mistraldeployment/$deployment" name)
  managed_url=https://localhost:$port/endpoints/$managed_name
  serverless_url=https://localhost:$port/endpoints/$(endpoint "serverlessendpoint/$serverless" name)
  managed_key=$(secret "$deployment" primaryKey)
  serverless_key=$(secret "$serverless" primaryKey)
  ca_file=$state/ca.crt
  mkdir -p "$state"
  secret "$deployment" ca.crt >"$ca_file"
}

# post URL KEY BODY: the key stays off the process list.
post() {
  curl -sS --fail-with-body -N --max-time 120 --cacert "$ca_file" -H @- -H 'Content-Type: application/json' -d "$3" \
    "$1/chat/completions" <<<"Authorization: Bearer $2"
}

question() { printf '{"messages":[{"role":"user","content":"Hello! Who are you?"}],"max_tokens":48,"stream":%s}' "$1"; }

# call WHAT URL KEY STREAM SIGN: shows the answer, which must hold the sign.
call() {
  local answer=$state/answer status=0
  say "$1: POST $2/chat/completions"
  post "$2" "$3" "$(question "$4")" | tee "$answer" >&2 || status=$?
  echo >&2
  if ((status)) || ! grep -qF "$5" "$answer"; then
    k -n "$system" logs "deployment/$gateway_service" --tail=20 >&2 || true
    die "the call was not answered (curl's exit status $status)" "The gateway's last log lines are above."
  fi
}

call_both() {
  wait_until 60 "the gateway on port $port" curl -s -o /dev/null --cacert "$ca_file" "$managed_url/info"
  call "Managed compute" "$managed_url" "$managed_key" false '"choices"'
  call "Serverless, streamed" "$serverless_url" "$serverless_key" true 'data: [DONE]'
}

tell_what_next() {
  local option=''
  ! current || option=' CLUSTER=current'
  cat <<TEXT

The demo is up.

  managed compute  $managed_url
  its key          $managed_key
  serverless       $serverless_url
  its key          $serverless_key
  CA certificate   $ca_file
  kubeconfig       ${KUBECONFIG:-$HOME/.kube/config}

Try next:

  eval "\$(make -s demo-env$option)"
  curl --cacert "\$CA_FILE" "\$ENDPOINT_URL/chat/completions" -H "Authorization: Bearer \$ENDPOINT_KEY" \\
    -H 'Content-Type: application/json' -d '{"messages":[{"role":"user","content":"Bonjour"}],"stream":true}'
  kubectl get mistraldeployments,serverlessendpoints -n $project
  kubectl scale mistraldeployment/$deployment -n $project --replicas=2
  kubectl get mistralmodels,instancetypes
  make demo-down$option

By host name the same endpoint is https://$managed_name.local.inference.localhost:$port
TEXT
}
