"""What new files begin with: a process that runs, a decision table of one rule, a form of one field."""

from xml.sax.saxutils import quoteattr

BLANK = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" \
xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="Definitions_{id}" \
targetNamespace="https://zhihuan.example/bpmn" modeler:executionPlatform="Camunda Platform" \
modeler:executionPlatformVersion="7.23.0">
  <bpmn:collaboration id="Collaboration_{id}">
    <bpmn:participant id="Participant_{id}" name={title} processRef="{id}"/>
  </bpmn:collaboration>
  <bpmn:process id="{id}" name={title} isExecutable="true">
    <bpmn:laneSet id="LaneSet_{id}">
      <bpmn:lane id="Lane_staff" name="员工">
        <bpmn:extensionElements>
          <camunda:properties>
            <camunda:property name="name.en" value="Staff"/>
          </camunda:properties>
        </bpmn:extensionElements>
        <bpmn:flowNodeRef>SE_{id}</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>UT_do</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>EE_done</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="SE_{id}" name="已发起">
      <bpmn:extensionElements>
        <camunda:properties>
          <camunda:property name="name.en" value="Started"/>
        </camunda:properties>
      </bpmn:extensionElements>
      <bpmn:outgoing>Flow_begin</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="UT_do" name="办理" camunda:candidateGroups="staff">
      <bpmn:extensionElements>
        <camunda:properties>
          <camunda:property name="name.en" value="Do it"/>
        </camunda:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>Flow_begin</bpmn:incoming>
      <bpmn:outgoing>Flow_end</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="EE_done" name="已完成">
      <bpmn:extensionElements>
        <camunda:properties>
          <camunda:property name="name.en" value="Done"/>
        </camunda:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>Flow_end</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="Flow_begin" sourceRef="SE_{id}" targetRef="UT_do"/>
    <bpmn:sequenceFlow id="Flow_end" sourceRef="UT_do" targetRef="EE_done"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="Diagram_{id}">
    <bpmndi:BPMNPlane id="Plane_{id}" bpmnElement="Collaboration_{id}">
      <bpmndi:BPMNShape id="Participant_{id}_di" bpmnElement="Participant_{id}" isHorizontal="true">
        <dc:Bounds x="160" y="80" width="600" height="200"/>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="Lane_staff_di" bpmnElement="Lane_staff" isHorizontal="true">
        <dc:Bounds x="190" y="80" width="570" height="200"/>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="SE_{id}_di" bpmnElement="SE_{id}">
        <dc:Bounds x="252" y="162" width="36" height="36"/>
        <bpmndi:BPMNLabel><dc:Bounds x="252" y="205" width="36" height="14"/></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="UT_do_di" bpmnElement="UT_do">
        <dc:Bounds x="390" y="140" width="100" height="80"/>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="EE_done_di" bpmnElement="EE_done">
        <dc:Bounds x="602" y="162" width="36" height="36"/>
        <bpmndi:BPMNLabel><dc:Bounds x="602" y="205" width="36" height="14"/></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="Flow_begin_di" bpmnElement="Flow_begin">
        <di:waypoint x="288" y="180"/>
        <di:waypoint x="390" y="180"/>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="Flow_end_di" bpmnElement="Flow_end">
        <di:waypoint x="490" y="180"/>
        <di:waypoint x="602" y="180"/>
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def blank_process(process_id: str, title: str) -> bytes:
    """The diagram of a new process with that id and name. It has no errors, but misses what only its owner
    knows: what it is for, its clauses, its documentation."""
    return BLANK.format(id=process_id, title=quoteattr(title)).encode()


DECISION = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" \
xmlns:camunda="http://camunda.org/schema/1.0/dmn" id="Definitions_{id}" name="{id}" \
namespace="https://zhihuan.example/dmn">
  <decision id="{id}" name="{id}">
    <decisionTable id="Table_{id}" hitPolicy="FIRST">
      <input id="Input_value" label="条件">
        <inputExpression id="Expression_value" typeRef="string">
          <text>value</text>
        </inputExpression>
      </input>
      <output id="Output_result" label="结论" name="result" typeRef="string"/>
      <rule id="Rule_1">
        <inputEntry id="Rule_1_value">
          <text>-</text>
        </inputEntry>
        <outputEntry id="Rule_1_result">
          <text>"否"</text>
        </outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>
"""
FORM = """{{
  "components": [
    {{
      "label": "说明",
      "type": "textarea",
      "id": "Field_note",
      "key": "note",
      "properties": {{
        "label.en": "Note"
      }}
    }}
  ],
  "type": "default",
  "id": "{id}",
  "properties": {{
    "title": "{id}",
    "title.en": "{id}"
  }},
  "schemaVersion": 16
}}
"""


def blank_file(name: str) -> bytes:
    """What a new file of that name begins with; a table begins empty."""
    stem, _, suffix = name.rpartition(".")
    if suffix == "bpmn":
        return blank_process(stem, stem)
    return {"dmn": DECISION, "form": FORM}.get(suffix, "").format(id=stem).encode()
