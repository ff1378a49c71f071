"""Refusals about processes as they are published: versions, bundles, deployments."""

from collections.abc import Sequence

from engine.errors.problems import Problem
from engine.errors.refusal import EngineError, NotFound


class ProcessNotFound(NotFound):
    """There is no deployed process {id}."""

    code = "process_not_found"
    zh = "没有已部署的流程 {id}。"
    id: str = ""


class VersionNotFound(NotFound):
    """The process {id} has no version {version}."""

    code = "version_not_found"
    zh = "流程 {id} 没有版本 {version}。"
    id: str = ""
    version: int = 0


class SourceNotFound(NotFound):
    """This version has no file {name}."""

    code = "source_not_found"
    zh = "该版本没有文件 {name}。"
    name: str = ""


class BundleRefused(EngineError):
    """The files cannot be deployed: {problems}"""

    code = "bundle_refused"
    zh = "文件无法部署：{problems}"
    problems: Sequence[Problem] = ()


class BundleChanged(EngineError):
    """The stored files of process {process_id} are not what was deployed: {found}, not {expected}."""

    code = "bundle_changed"
    zh = "流程 {process_id} 存储的文件与部署时不一致：现为 {found}，应为 {expected}。"
    process_id: str = ""
    expected: str = ""
    found: str = ""


class DeploymentNotFound(NotFound):
    """There is no deployment {id}."""

    code = "deployment_not_found"
    zh = "没有部署 {id}。"
    id: str = ""


class ResourceNotFound(NotFound):
    """There is no file {id} in this deployment."""

    code = "resource_not_found"
    zh = "该部署中没有文件 {id}。"
    id: str = ""


class OlderVersion(EngineError):
    """This version of process {process_id} no longer starts: the present one is version {version}."""

    code = "older_version"
    zh = "流程 {process_id} 的这一版不再发起：现行版本为第 {version} 版。"
    process_id: str = ""
    version: int = 0
