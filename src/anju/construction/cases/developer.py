"""建设主体: a district enters the developer intended and its qualification, the city confirms (SH-174)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from anju.construction.connectors import QualificationQuery, Qualifications
from anju.construction.kinds import CITY, matter
from anju.construction.models import Developer
from anju.kernel.cases.fetched import as_fetched
from anju.kernel.cases.filing import Ask, Data, Fetch, Found
from anju.kernel.cases.models import Case
from anju.kernel.cases.types import Block, MaterialClass
from anju.kernel.scope import Actor

PROOF = FETCH = "qualification"


def fetch_qualification(actor: Actor, asked: Mapping[str, str], data: Data) -> Found:
    """The developer's certificate as the qualification system has it (SH-174.3)."""
    found = Qualifications().call(QualificationQuery(credit_code=asked["credit_code"]), subject=actor.ref, actor=actor)
    return Found(
        {
            "developer": {"name": found.name, "credit_code": found.credit_code},
            "qualification": {
                "grade": found.grade, "certificate": found.certificate, "valid_until": found.valid_until.isoformat(),
            },
        }
    )  # fmt: skip


def sourced(data: dict[str, Any], read: Callable[[str], bool]) -> dict[str, Any]:
    """Says where the qualification is from: the interface only as long as its answer stands unaltered (SH-174.3)."""
    source = "interface" if read(FETCH) else "upload"
    return {**data, "qualification": {**data.get("qualification", {}), "source": source}}


def blocked(case: Case, node: str, outcome: str) -> Block | None:
    """Nothing is confirmed whose qualification is neither read nor proven by a document."""
    if (node, outcome) != ("city_confirm", "pass"):
        return None
    if as_fetched(case, FETCH) or case.materials.filter(klass=PROOF).exists():
        return None
    return Block("developer.no_proof", "没有资质证明文件，也不是接口读取的资质，请退回补正", "materials")


DEVELOPER = matter(
    key="developer",
    right="construction.developer.file",
    title="建设主体",
    subtitle="拟确定建设单位及其资质，市级确认",
    mark="ZT",
    form="construction_developer",
    process=CITY,
    model=Developer,
    columns={
        "project_name": "base.project_name",
        "base_name": "base.base_name",
        "plot_no": "base.plot_no",
        "developer": "developer.name",
        "credit_code": "developer.credit_code",
        "grade": "qualification.grade",
        "certificate": "qualification.certificate",
        "valid_until": "qualification.valid_until",
        "source": "qualification.source",
    },
    materials=(MaterialClass(PROOF, "资质证明文件"), MaterialClass("other", "其他")),
    fetches=(Fetch(FETCH, "读取资质证书", fetch_qualification, asks=(Ask("credit_code", "统一社会信用代码"),)),),
    derived=sourced,
    blocked=blocked,
)
