"""Materials at the steps that correct what was filed: a wrong one is replaced or taken out, on the record (SH-170.4).

What was taken out stays in the store and can be read by whoever reads the case's materials; it counts for nothing.
"""

from __future__ import annotations

from anju.kernel import audit, clock
from anju.kernel.cases.editing import editable_sections
from anju.kernel.cases.models import Case, Material
from anju.kernel.cases.services import Blocked, MaterialInput, add_material, handles, write
from anju.kernel.cases.types import case_type
from anju.kernel.errors import FieldError, Forbidden, Invalid, NotFound
from anju.kernel.scope import Actor

REASON_MIN = 5


def replace(case: Case, material_id: int, by: MaterialInput, actor: Actor, note: str = "") -> Material:
    """Puts a file in the place of one of the locked case; the class stays. Raises as `remove` does."""
    old = _own(case, material_id, actor)
    made = add_material(case, MaterialInput(old.klass, by.file_id, by.name, by.mime), actor, note=note)
    _take_out(case, old, actor, "替换材料", f"{old.name} → {made.name}")
    return made


def remove(case: Case, material_id: int, reason: str, actor: Actor) -> None:
    """Takes a material out of the locked case.

    Raises `Blocked` where the task is not in hand or a class that is needed would be left empty, `Forbidden` at a step
    that corrects nothing, `Invalid` without a reason, `NotFound`.
    """
    old = _own(case, material_id, actor)
    kind = case_type(case.type_key)
    if len(reason.strip()) < REASON_MIN:
        raise Invalid([FieldError("reason", "reason.too_short", f"请写明移除原因，至少 {REASON_MIN} 个字")])
    needed = any(each.required and each.key == old.klass for each in kind.materials)
    if needed and case.materials.filter(klass=old.klass).count() == 1:
        raise Blocked(
            f"“{kind.material_title(old.klass)}”至少要有一份",
            code="material.needed",
            advice="请先补传正确的，或直接替换",
        )
    _take_out(case, old, actor, "移除材料", f"{old.name}，原因：{reason.strip()}")


def _own(case: Case, material_id: int, actor: Actor) -> Material:
    task = handles(case, actor)
    if not editable_sections(case_type(case.type_key), task, actor):
        raise Forbidden(f"“{task.node_title}”这一步不能更换材料", code="case.not_editable", advice="")
    found = case.materials.filter(pk=material_id).first()
    if found is None:
        raise NotFound
    return found


def _take_out(case: Case, material: Material, actor: Actor, action: str, said: str) -> None:
    material.removed_at, material.removed_by = clock.now(), actor.ref
    material.save(update_fields=["removed_at", "removed_by"])
    write(case, actor, action, f"{case_type(case.type_key).material_title(material.klass)}：{said}", tone="fix")
    audit.record(
        "change", actor=actor, subject=case.subject, title=f"{action} {case.number}", detail={"file": material.file_id}
    )
