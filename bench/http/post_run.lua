-- What wrk sends: a POST /run of 400 bytes.
wrk.method = "POST"
wrk.path = "/run"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["cc-key"] = "sk_acme"
local head = '{"workflow_id":"claims","priority_level":"MEDIUM","run_input_variables":{"npi_number":"1234567890",'
  .. '"note":"'
local tail = '"}}'
wrk.body = head .. string.rep("x", 400 - #head - #tail) .. tail
