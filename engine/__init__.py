"""Zhihuan's engine: runs quality-feedback regulations as drawn, and proves afterwards what happened.

This is the front door: verbs, read models and the shapes they return. `session` comes first, `now` is an
aware time (default: the present moment); one verb is one transaction: `with transaction(session): verb(…)`.
"""

from engine import logs, measures, terminal
from engine.commands.attachments import add_attachment, read_attachment
from engine.commands.calendar import clear_calendar_day, declare_calendar_year, set_calendar_day
from engine.commands.clocks import wake_waiting_clocks
from engine.commands.comments import add_comment
from engine.commands.completion import complete_task, task_problems
from engine.commands.definition_drafts import create_definition_draft, discard_definition_draft
from engine.commands.definition_files import (
    add_definition_file,
    remove_definition_file,
    rename_definition_file,
    save_definition_file,
)
from engine.commands.delegation import delegate_task, resolve_task
from engine.commands.delivery import Services
from engine.commands.deployments import deploy
from engine.commands.draft_tables import save_draft_tables
from engine.commands.external import (
    Subscription,
    extend_lock,
    fail_external,
    fetch_and_lock,
    lock_external,
    unlock_external,
)
from engine.commands.external_results import complete_external, report_bpmn_error
from engine.commands.form_drafts import (
    add_form_field,
    edit_form_field,
    move_form_field,
    remove_form_field,
    set_form_title,
)
from engine.commands.importing import import_definition_draft
from engine.commands.inbox import (
    mark_read,
    mark_task_read,
    open_notification,
    remove_channel,
    send_test,
    set_channel,
)
from engine.commands.incidents import cancel_incident, drop_message, resend_message, retry_incident
from engine.commands.instance_migration import start_instance_migration
from engine.commands.instance_migration_plan import plan_instance_migration
from engine.commands.instances import cancel_instance, start_instance, start_problems
from engine.commands.jobs import retry_job
from engine.commands.messages import correlate_message
from engine.commands.modeler import Handed, deploy_part
from engine.commands.people import account_problems, create_person, set_active, set_groups, set_password
from engine.commands.publishing import (
    approve_definition_draft,
    return_definition_draft,
    submit_definition_draft,
)
from engine.commands.shipped import Shipped, deploy_own, deploy_shipped
from engine.commands.sign_in import authenticate, change_password, set_language
from engine.commands.signals import send_signal
from engine.commands.suspension import (
    activate_definition,
    activate_instance,
    suspend_definition,
    suspend_instance,
)
from engine.commands.tasks import assign_task, claim_task, release_task, save_draft
from engine.commands.tokens import Bearer, NewToken, create_token, revoke_token, sign_in_with_token
from engine.commands.trying.samples import sample_id, sample_views
from engine.commands.trying.scenarios import (
    ScenarioResult,
    delete_scenario,
    rename_scenario,
    run_scenarios,
    save_scenario,
    walk_scenario,
)
from engine.commands.trying.shown import WalkMessage, WalkService, WalkStepView, WalkTask, WalkView
from engine.commands.trying.steps import WalkStep
from engine.commands.trying.subjects import subject_of
from engine.commands.trying.walks import OpenWalk, keep_walk, open_walk
from engine.commands.verify import verify_chains
from engine.commands.worker import Worker, run_due, run_job
from engine.commands.worker_thread import WorkerThread
from engine.diagram.archive import write_archive
from engine.diagram.decision_uses import DecisionUse
from engine.diagram.decisions import TableTrial
from engine.diagram.expressions import Function, ReadClock
from engine.diagram.form_editor import ADDABLE as ADDABLE_FIELDS
from engine.diagram.form_editor import ENTRIES as FIELD_ENTRIES
from engine.diagram.form_editor import (
    Entries,
    FormPart,
    OptionEntry,
    Outline,
    blank_entries,
    check_addable,
    kin,
    no_field,
)
from engine.diagram.forms import Field, Form, Shown, form_functions
from engine.diagram.lint.properties import HONOURED as PROPERTY_KINDS
from engine.diagram.lint.properties import MEANINGS as SIGNATURE_MEANINGS
from engine.diagram.readable import kind_of_file
from engine.diagram.reader import MAX_BYTES as MOST_FILE_BYTES
from engine.diagram.soundness import check_soundness
from engine.diagram.table_draft import (
    ACTS as TABLE_ACTS,
)
from engine.diagram.table_draft import (
    POLICIES as TABLE_POLICIES,
)
from engine.diagram.table_draft import (
    TYPES as TABLE_TYPES,
)
from engine.diagram.table_draft import (
    TableColumn,
    TableDraft,
    TableProblem,
    TableRule,
    edit_table,
)
from engine.diagram.titles import title_of_file
from engine.queries.access import may_read_definitions, sees, sees_all
from engine.queries.account_events import AccountEvent
from engine.queries.account_rules import may_administer, may_read_accounts
from engine.queries.accounts import AccountRow, AccountView, get_account, list_accounts
from engine.queries.activities import Activity, list_activities
from engine.queries.calendar import (
    CalendarChange,
    DaySetView,
    DayView,
    YearView,
    get_calendar,
    may_edit_calendar,
)
from engine.queries.case_values import (
    CaseValue,
    count_values,
    find_values,
    get_task_values,
    get_value,
)
from engine.queries.clocks import ClockView, ExtensionView, clock_reader
from engine.queries.comments import CommentView, count_comments, find_comments, get_comment
from engine.queries.comparison import (
    ChangeView,
    ComparisonView,
    Differences,
    PartView,
    PropertyView,
    compare_versions,
)
from engine.queries.definition_drafts import (
    DraftEvent,
    DraftFile,
    DraftRow,
    DraftView,
    get_definition_draft,
    list_definition_drafts,
)
from engine.queries.definition_files import draft_files, draft_problems, draft_titles, read_draft_file
from engine.queries.definition_list import DefinitionRow, list_definitions
from engine.queries.definition_page import (
    ClauseUse,
    DefinitionView,
    ElementView,
    SourceView,
    VersionRow,
    get_definition,
)
from engine.queries.definitions import get_start_form, list_steps, startable
from engine.queries.deployed import (
    DeployedDefinition,
    DeploymentView,
    ResourceView,
    count_definitions,
    count_deployments,
    get_definition_xml,
    get_deployed_definition,
    get_deployment,
    list_deployed_definitions,
    list_deployments,
    list_resources,
    read_resource,
)
from engine.queries.directory import (
    count_groups,
    count_people,
    find_groups,
    find_people,
    get_group,
    get_profile,
)
from engine.queries.draft_choices import DraftChoices, draft_choices
from engine.queries.draft_tables import (
    CheckedTables,
    DraftTables,
    check_draft_tables,
    draft_table_uses,
    read_draft_tables,
    try_draft_table,
)
from engine.queries.evidence import Evidence, get_evidence
from engine.queries.export import export_bundle, get_source
from engine.queries.external import ExternalWork, count_external, find_external
from engine.queries.form_drafts import FormDraftView, get_form_draft
from engine.queries.health import (
    WORKER_PATIENCE,
    JobQueue,
    is_unattended,
    job_lag,
    job_queue,
    open_tasks_by_group,
)
from engine.queries.inbox import (
    ChannelView,
    NotificationView,
    count_unread,
    list_channels,
    list_notifications,
)
from engine.queries.instance_migrations import (
    MigratedCase,
    MigrationPlan,
    MigrationRow,
    MigrationView,
    PlannedCase,
    get_instance_migration,
    list_instance_migrations,
    may_read_migrations,
)
from engine.queries.instance_page import get_diagram, get_instance, get_variables, list_case_tasks
from engine.queries.instances import list_instances
from engine.queries.items import of_item
from engine.queries.messages import MessageRow, list_messages
from engine.queries.operations import (
    IncidentRow,
    count_operations,
    list_incidents,
    may_operate,
    may_read_operations,
)
from engine.queries.paging import COUNT_LIMIT
from engine.queries.past_instances import (
    PastInstance,
    count_past_instances,
    find_past_instances,
    get_past_instance,
)
from engine.queries.past_tasks import PastTask, count_past_tasks, find_past_tasks
from engine.queries.people import get_actor, list_groups, list_people
from engine.queries.permissions import may_publish
from engine.queries.publishing import PublishView, count_submitted, get_publishing
from engine.queries.queue import (
    JobView,
    OpenIncident,
    count_incidents,
    count_jobs,
    find_incidents,
    find_jobs,
    get_incident,
    get_job,
)
from engine.queries.records import get_record
from engine.queries.reference import list_clauses
from engine.queries.running import (
    OpenTask,
    RunningInstance,
    count_instances,
    count_open_tasks,
    find_instances,
    find_tasks,
    get_case,
    get_open_task,
    get_running,
)
from engine.queries.scenarios import ScenarioRow, get_scenario, list_scenarios
from engine.queries.suspension import DefinitionChangeView
from engine.queries.task_page import get_task, get_task_form
from engine.queries.tasks import count_tasks, list_tasks
from engine.queries.tokens import SCOPES, TokenView, list_tokens
from engine.queries.user_operations import UserOperation, count_user_operations, find_operations
from engine.queries.views import (
    Actor,
    AttachmentView,
    BrokenLink,
    ClauseView,
    Completed,
    CurrentView,
    Deployment,
    DiagramView,
    GroupView,
    HistoryView,
    InstanceRow,
    InstanceView,
    MessageSent,
    Page,
    Permission,
    PersonView,
    RecordRow,
    RecordView,
    SignalSent,
    SignatureView,
    StartableView,
    Started,
    StartFormView,
    StepView,
    SubmissionView,
    TaskFormView,
    TaskRow,
    TaskView,
    Text,
    VariableView,
)
from engine.records.passwords import has_password
from engine.storage.migrate import is_migrated, migrate
from engine.storage.session import configure_database, create_database_engine, transaction

__all__ = [
    "ADDABLE_FIELDS",
    "COUNT_LIMIT",
    "FIELD_ENTRIES",
    "MOST_FILE_BYTES",
    "PROPERTY_KINDS",
    "SCOPES",
    "SIGNATURE_MEANINGS",
    "TABLE_ACTS",
    "TABLE_POLICIES",
    "TABLE_TYPES",
    "WORKER_PATIENCE",
    "AccountEvent",
    "AccountRow",
    "AccountView",
    "Activity",
    "Actor",
    "AttachmentView",
    "Bearer",
    "BrokenLink",
    "CalendarChange",
    "CaseValue",
    "ChangeView",
    "ChannelView",
    "CheckedTables",
    "ClauseUse",
    "ClauseView",
    "ClockView",
    "CommentView",
    "ComparisonView",
    "Completed",
    "CurrentView",
    "DaySetView",
    "DayView",
    "DecisionUse",
    "DefinitionChangeView",
    "DefinitionRow",
    "DefinitionView",
    "DeployedDefinition",
    "Deployment",
    "DeploymentView",
    "DiagramView",
    "Differences",
    "DraftChoices",
    "DraftEvent",
    "DraftFile",
    "DraftRow",
    "DraftTables",
    "DraftView",
    "ElementView",
    "Entries",
    "Evidence",
    "ExtensionView",
    "ExternalWork",
    "Field",
    "Form",
    "FormDraftView",
    "FormPart",
    "Function",
    "GroupView",
    "Handed",
    "HistoryView",
    "IncidentRow",
    "InstanceRow",
    "InstanceView",
    "JobQueue",
    "JobView",
    "MessageRow",
    "MessageSent",
    "MigratedCase",
    "MigrationPlan",
    "MigrationRow",
    "MigrationView",
    "NewToken",
    "NotificationView",
    "OpenIncident",
    "OpenTask",
    "OpenWalk",
    "OptionEntry",
    "Outline",
    "Page",
    "PartView",
    "PastInstance",
    "PastTask",
    "Permission",
    "PersonView",
    "PlannedCase",
    "PropertyView",
    "PublishView",
    "ReadClock",
    "RecordRow",
    "RecordView",
    "ResourceView",
    "RunningInstance",
    "ScenarioResult",
    "ScenarioRow",
    "Services",
    "Shipped",
    "Shown",
    "SignalSent",
    "SignatureView",
    "SourceView",
    "StartFormView",
    "StartableView",
    "Started",
    "StepView",
    "SubmissionView",
    "Subscription",
    "TableColumn",
    "TableDraft",
    "TableProblem",
    "TableRule",
    "TableTrial",
    "TaskFormView",
    "TaskRow",
    "TaskView",
    "Text",
    "TokenView",
    "UserOperation",
    "VariableView",
    "VersionRow",
    "WalkMessage",
    "WalkService",
    "WalkStep",
    "WalkStepView",
    "WalkTask",
    "WalkView",
    "Worker",
    "WorkerThread",
    "YearView",
    "account_problems",
    "activate_definition",
    "activate_instance",
    "add_attachment",
    "add_comment",
    "add_definition_file",
    "add_form_field",
    "approve_definition_draft",
    "assign_task",
    "authenticate",
    "blank_entries",
    "cancel_incident",
    "cancel_instance",
    "change_password",
    "check_addable",
    "check_draft_tables",
    "check_soundness",
    "claim_task",
    "clear_calendar_day",
    "clock_reader",
    "compare_versions",
    "complete_external",
    "complete_task",
    "configure_database",
    "correlate_message",
    "count_comments",
    "count_definitions",
    "count_deployments",
    "count_external",
    "count_groups",
    "count_incidents",
    "count_instances",
    "count_jobs",
    "count_open_tasks",
    "count_operations",
    "count_past_instances",
    "count_past_tasks",
    "count_people",
    "count_submitted",
    "count_tasks",
    "count_unread",
    "count_user_operations",
    "count_values",
    "create_database_engine",
    "create_definition_draft",
    "create_person",
    "create_token",
    "declare_calendar_year",
    "delegate_task",
    "delete_scenario",
    "deploy",
    "deploy_own",
    "deploy_part",
    "deploy_shipped",
    "discard_definition_draft",
    "draft_choices",
    "draft_files",
    "draft_problems",
    "draft_table_uses",
    "draft_titles",
    "drop_message",
    "edit_form_field",
    "edit_table",
    "export_bundle",
    "extend_lock",
    "fail_external",
    "fetch_and_lock",
    "find_comments",
    "find_external",
    "find_groups",
    "find_incidents",
    "find_instances",
    "find_jobs",
    "find_operations",
    "find_past_instances",
    "find_past_tasks",
    "find_people",
    "find_tasks",
    "find_values",
    "form_functions",
    "get_account",
    "get_actor",
    "get_calendar",
    "get_case",
    "get_comment",
    "get_definition",
    "get_definition_draft",
    "get_definition_xml",
    "get_deployed_definition",
    "get_deployment",
    "get_diagram",
    "get_evidence",
    "get_form_draft",
    "get_group",
    "get_incident",
    "get_instance",
    "get_instance_migration",
    "get_job",
    "get_open_task",
    "get_past_instance",
    "get_profile",
    "get_publishing",
    "get_record",
    "get_running",
    "get_scenario",
    "get_source",
    "get_start_form",
    "get_task",
    "get_task_form",
    "get_task_values",
    "get_value",
    "get_variables",
    "has_password",
    "import_definition_draft",
    "is_migrated",
    "is_unattended",
    "job_lag",
    "job_queue",
    "keep_walk",
    "kin",
    "kind_of_file",
    "list_accounts",
    "list_activities",
    "list_case_tasks",
    "list_channels",
    "list_clauses",
    "list_definition_drafts",
    "list_definitions",
    "list_deployed_definitions",
    "list_deployments",
    "list_groups",
    "list_incidents",
    "list_instance_migrations",
    "list_instances",
    "list_messages",
    "list_notifications",
    "list_people",
    "list_resources",
    "list_scenarios",
    "list_steps",
    "list_tasks",
    "list_tokens",
    "lock_external",
    "logs",
    "mark_read",
    "mark_task_read",
    "may_administer",
    "may_edit_calendar",
    "may_operate",
    "may_publish",
    "may_read_accounts",
    "may_read_definitions",
    "may_read_migrations",
    "may_read_operations",
    "measures",
    "migrate",
    "move_form_field",
    "no_field",
    "of_item",
    "open_notification",
    "open_tasks_by_group",
    "open_walk",
    "plan_instance_migration",
    "read_attachment",
    "read_draft_file",
    "read_draft_tables",
    "read_resource",
    "release_task",
    "remove_channel",
    "remove_definition_file",
    "remove_form_field",
    "rename_definition_file",
    "rename_scenario",
    "report_bpmn_error",
    "resend_message",
    "resolve_task",
    "retry_incident",
    "retry_job",
    "return_definition_draft",
    "revoke_token",
    "run_due",
    "run_job",
    "run_scenarios",
    "sample_id",
    "sample_views",
    "save_definition_file",
    "save_draft",
    "save_draft_tables",
    "save_scenario",
    "sees",
    "sees_all",
    "send_signal",
    "send_test",
    "set_active",
    "set_calendar_day",
    "set_channel",
    "set_form_title",
    "set_groups",
    "set_language",
    "set_password",
    "sign_in_with_token",
    "start_instance",
    "start_instance_migration",
    "start_problems",
    "startable",
    "subject_of",
    "submit_definition_draft",
    "suspend_definition",
    "suspend_instance",
    "task_problems",
    "terminal",
    "title_of_file",
    "transaction",
    "try_draft_table",
    "unlock_external",
    "verify_chains",
    "wake_waiting_clocks",
    "walk_scenario",
    "write_archive",
]
