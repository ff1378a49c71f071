#!/bin/sh
# A second opinion on the diagrams: the recommended rules of bpmnlint, all of them, on every file in bpmn/.
set -eu
cd "$(dirname "$0")/.."
tool=build/bpmnlint
mkdir -p "$tool"
test -x "$tool/node_modules/.bin/bpmnlint" ||
  npm install --silent --no-audit --no-fund --prefix "$tool" bpmnlint@11.15.0
printf '{ "extends": "bpmnlint:recommended" }\n' > "$tool/.bpmnlintrc"
"$tool/node_modules/.bin/bpmnlint" --config "$tool/.bpmnlintrc" bpmn/*.bpmn
echo "bpmnlint: $(ls bpmn/*.bpmn | wc -l) diagrams pass"
