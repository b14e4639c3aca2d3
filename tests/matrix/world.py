"""Rows that belong to another office, another resident or another colleague: one of every kind that an address names."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import CharField, DateField, DateTimeField, DecimalField, ForeignKey, IntegerField, Model

from anju.citizen.models import ApplicationDraft, DraftMaterial, IdentityVerification, Notice, Survey, SurveyAnswer
from anju.construction.models import AnnualPlan, Indicator, MonthlyProgress, Project
from anju.eligibility.models import Certificate, DeletionRequest, Publicity, QualificationPush, Talent
from anju.gateway.credentials import issue
from anju.gateway.models import AlarmRule, Call, Limit, PartyRole, RoleService, Service, Subscription
from anju.households.services import note_dealings
from anju.households.synthetic import synthetic_id
from anju.identity.models import (
    Account,
    AccountApplication,
    AppClient,
    Application,
    AppLogin,
    ExternalIdentity,
    FunctionPoint,
    Grant,
    MenuItem,
    Organisation,
    OrganisationChange,
    Passkey,
    Post,
    Provider,
    Role,
    Session,
    Substitution,
)
from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.cases.models import Case, CaseState, Check, CheckState, Draft, Supplement, SupplementItem
from anju.kernel.crypto import blind
from anju.kernel.documents.models import Document
from anju.kernel.files import store
from anju.kernel.jobs.models import Job
from anju.kernel.processes import services as processes
from anju.kernel.processes.models import Token
from anju.kernel.registers.models import Attribute, Import, ImportState, SavedView
from anju.kernel.registers.register import REGISTERS
from anju.kernel.scope import system
from anju.supply.models import (
    Bed,
    ProjectMedium,
    ReserveHolding,
    ReservePlan,
    Room,
    SetupUnit,
    TalentBatch,
    TalentUnit,
    Unit,
    UnitPush,
)
from anju.tenancy.models import Contract, PaperTemplate, PrintRight, TalentContract, TemplateVersion
from anju.trust.models import Device, DeviceRecord, RetentionRule, RetentionRun, UserCertificate
from anju.waiting.models import Appointment, Batch, BatchState, BatchUnit, Entry
from anju.workspace.models import Message, OfficeNotice, Sms, Task
from tests.citizen.people import picture, resident
from tests.gateway.kit import party

OTHER_DIVISION = "339902"
OTHER_CITY = "330100"


class World:
    """The demonstration city with a household on its way in the other district; `ids` by the name in an address."""

    @transaction.atomic
    def __init__(self) -> None:
        self.office = Organisation.objects.get(code="LZ-OP-02")
        self.own = {"org_path": self.office.path, "division": OTHER_DIVISION}
        self.actor = system()
        self.resident = resident("13911110001", verified=True, number=synthetic_id("339902", date(1971, 5, 5), 3))
        self.case = self.make_case()
        self.certificate = self.make_certificate()
        self.unit = Unit.objects.filter(division=OTHER_DIVISION, status="vacant").order_by("id")[0]
        self.ids: dict[str, Any] = {"case_id": self.case.pk, "number": self.certificate.number, "version": 1}
        self.ids["project_id"] = self.unit.project_id
        self.ids["medium_id"] = ProjectMedium.objects.filter(project_id=self.unit.project_id)[0].pk
        self.rows: dict[str, int] = {}
        self.task_id = Token.objects.filter(instance_id=self.case.instance_id, state="waiting").values_list(
            "pk", flat=True
        )[0]
        self.make_papers()
        self.make_batch()
        self.make_contract()
        self.make_lists()
        self.make_rights()
        self.make_registers()

    def make_case(self) -> Case:
        """A case at its first step, with checks, a request for supplements and a request to delete it."""
        case = Case(
            type_key="eligibility.public_rental", number="GZ3399022026000001", title="周桂芳 公租房申请",
            household="周桂芳", form_key="eligibility/public_rental_application", applicant_ref=self.resident.ref,
            applicant_key=blind("1"), request_key="first", submitted_at=clock.now(), due_on=clock.today(), **self.own,
        )  # fmt: skip
        case.data = {"place": {"division": OTHER_DIVISION}}
        case.save()
        instance = processes.start("public_rental", subject=case.subject, actor=self.actor, **self.own)
        case.instance_id = instance.pk
        case.state = CaseState.SUPPLEMENT
        case.save()
        return case

    def make_certificate(self) -> Certificate:
        today = clock.today()
        return Certificate.objects.create(
            number="ZR3399022026000001", case_id=self.case.pk, case_number=self.case.number,
            holder_ref=self.resident.ref, holder_name="周桂芳", holder_number="330", holder_key=blind("1"),
            phone="13911110001", household_size=1, sealed_members="[]", accepted_at=clock.now(), valid_from=today,
            valid_until=today + timedelta(days=700), **self.own,
        )  # fmt: skip

    def make_papers(self) -> None:
        file = store(
            picture(), name="a.jpg", mime="image/jpeg", actor=self.actor, purpose="material", owner=self.case.subject
        )
        document = Document.objects.create(
            template="acceptance_notice", template_version="1", subject=self.case.subject, title="受理通知书",
            content="{}", data_digest="0" * 64, organisation=self.office.name, verify_code="A" * 20,
            issued_on=clock.today(), **self.own,
        )  # fmt: skip
        check = Check.objects.create(
            case=self.case, kind="marriage", title="婚姻", source="民政", state=CheckState.FAILED
        )
        supplement = Supplement.objects.create(
            case=self.case,
            note="补户口簿",
            asked_by="staff:0",
            asked_name="方婷",
            asked_at=clock.now(),
            due_on=clock.today(),
        )
        item = SupplementItem.objects.create(supplement=supplement, klass="household_register")
        asked = DeletionRequest.objects.create(
            case_id=self.case.pk, case_number=self.case.number, reason="重复提交", created_by="staff:0", **self.own
        )
        publicity = Publicity.objects.create(
            case_id=self.case.pk, case_number=self.case.number, kind="preliminary", holder_masked="周*芳", id_masked="3",
            household_size=1, starts_on=clock.today(), ends_on=clock.today(), place="网站", **self.own,
        )  # fmt: skip
        self.ids |= {
            "file_id": file.pk, "document_id": document.pk, "check_id": check.pk, "item_id": item.pk,
            "request_id": asked.pk,
        }  # fmt: skip
        self.rows |= {
            "eligibility.deletions": asked.pk, "eligibility.publicity": publicity.pk, "cases.cases": self.case.pk,
            "eligibility.certificates": self.certificate.pk,
        }  # fmt: skip

    def make_batch(self) -> None:
        today = clock.today()
        entry = Entry.objects.create(
            certificate_id=self.certificate.pk, certificate_no=self.certificate.number, certified_on=today,
            valid_until=today + timedelta(days=700), accepted_at=clock.now(), case_number=self.case.number,
            holder_ref=self.resident.ref, household="周桂芳", household_size=1, registered_at=clock.now(), **self.own,
        )  # fmt: skip
        batch = Batch.objects.create(
            number="PC1", title="南屏一批", starts_on=today, ends_on=today + timedelta(days=30),
            state=BatchState.DRAFT, quotas={self.unit.layout: 1}, **self.own,
        )  # fmt: skip
        BatchUnit.objects.create(batch=batch, unit_id=self.unit.pk, layout=self.unit.layout)
        appointment = Appointment.objects.create(
            batch=batch, entry=entry, unit_id=self.unit.pk, unit_code=self.unit.code, address="南屏", household="周桂芳",
            viewing_at=clock.now(), request_key="first", created_by=self.resident.ref, **self.own,
        )  # fmt: skip
        self.ids |= {"batch_id": batch.pk, "appointment_id": appointment.pk, "unit_id": self.unit.pk}
        self.rows |= {"waiting.entries": entry.pk, "waiting.appointments": appointment.pk}

    def make_contract(self) -> None:
        start = date(2026, 1, 1)
        contract = Contract.objects.create(
            number="HT1", certificate_id=self.certificate.pk, certificate_no=self.certificate.number,
            unit_id=self.unit.pk, unit_code=self.unit.code, address="南屏", project_name="南屏里", floor_area="50",
            tenant_ref=self.resident.ref, tenant_name="周桂芳", tenant_number="330", phone="13911110001",
            starts_on=start, ends_on=start + timedelta(days=700), rent="1000", deposit="1000", sent_at=clock.now(),
            **self.own,
        )  # fmt: skip
        self.ids["contract_id"] = self.rows["tenancy.contracts"] = contract.pk
        template = PaperTemplate.objects.create(name="南屏合同", programme="public_rental", **self.own)
        file = store(b"words", name="a.docx", mime="application/zip", actor=self.actor, purpose="contract_template")
        version = TemplateVersion.objects.create(
            template=template, number=1, file=file, blocks=[], valid_from=clock.today(), uploaded_by="某人"
        )
        self.ids["template_id"] = self.rows["tenancy.templates"] = template.pk
        self.ids["version_id"] = version.pk
        self.rows["tenancy.print_rights"] = PrintRight.objects.create(paper="filing_notice", **self.own).pk
        note_dealings([self.resident.person_id], **self.own)
        self.rows["households.persons"] = self.resident.person_id

    def make_lists(self) -> None:
        """A verification and a notice of another city, messages, a draft's material, a job, an import, a saved view."""
        another = resident("13911110002")
        verification = IdentityVerification.objects.create(
            resident=another, way="bank", name="李明", document_type="id_card", document_number="3", number_blind=blind("3"),
            number_masked="3***", due_on=clock.today(), division=OTHER_CITY, org_path="/99/",
        )  # fmt: skip
        notice = Notice.objects.create(
            city=OTHER_CITY, title="外市公告", body="内容", division=OTHER_CITY, org_path="/99/"
        )
        mine = Message.objects.create(
            recipient_ref=self.resident.ref, title="消息", text="内容", key="first", created_at=clock.now(), **self.own
        )
        colleague = Account.objects.get(username="fangting.np")
        theirs = Message.objects.create(
            recipient_ref=f"staff:{colleague.pk}",
            title="消息",
            text="内容",
            key="first",
            created_at=clock.now(),
            **self.own,
        )
        sms = Sms.objects.create(
            phone="13911110001", phone_blind=blind("13911110001"), phone_masked="139", shown="内容", purpose="code",
            key="first", **self.own,
        )  # fmt: skip
        draft = ApplicationDraft.objects.create(resident=self.resident, programme="public_rental", city="339900")
        material = DraftMaterial.objects.create(
            draft=draft, klass="identity", file_id=self.ids["file_id"], name="a.jpg", mime="image/jpeg", size=1,
            created_at=clock.now(),
        )  # fmt: skip
        theirs_draft = Draft.objects.create(
            type_key="construction.estate", saved_at=clock.now(), created_by=f"staff:{colleague.pk}", **self.own
        )
        job = Job.objects.create(kind="registers.export", title="导出", actor_ref=f"staff:{colleague.pk}")
        imported = Import.objects.create(
            register="supply.units", kind=REGISTERS["supply.units"].imports[0].key, title="导入",
            file_id=self.ids["file_id"], file_name="a.xlsx", state=ImportState.CHECKED, created_by=f"staff:{colleague.pk}",
            **self.own,
        )  # fmt: skip
        entry = AuditEntry.objects.create(at=clock.now(), action="act", actor=f"staff:{colleague.pk}", **self.own)
        view = SavedView.objects.create(register="supply.units", owner=f"staff:{colleague.pk}", title="我的")
        self.ids |= {
            "verification_id": verification.pk, "material_id": material.pk, "job_id": job.pk, "import_id": imported.pk,
            "account_id": colleague.pk, "view_id": view.pk, "draft_id": theirs_draft.pk,
            "message_id": mine.pk, "staff_message_id": theirs.pk,
        }  # fmt: skip
        moment = clock.real_now()
        self.ids["session_id"] = Session.objects.create(
            digest=b"0" * 32, kind="staff", account_id=colleague.pk, created_at=moment, last_seen_at=moment,
            expires_at=moment + timedelta(hours=1),
        ).pk  # fmt: skip
        self.rows["identity.applications"] = AccountApplication.objects.create(
            klass="operator", number="ZH1", case_id=self.case.pk, organisation=self.office, name="申请人", username="new1",
            id_number="3", person_key=blind("3"), phone="13911110001", phone_key=blind("4"), file_id=self.ids["file_id"],
            **self.own,
        ).pk  # fmt: skip
        self.ids["identity_id"] = ExternalIdentity.objects.create(
            provider=Provider.objects.get(key="office"), subject_key=b"0", kind="staff", account_id=colleague.pk,
            bound_at=moment,
        ).pk  # fmt: skip
        self.ids["passkey_id"] = Passkey.objects.create(
            account=colleague, credential_id=b"0", public_key=b"0", name="密钥", created_at=moment
        ).pk
        self.rows |= {
            "citizen.verifications": verification.pk, "citizen.notices": notice.pk, "workspace.messages": mine.pk,
            "workspace.sms": sms.pk, "audit.entries": entry.pk, "identity.accounts": colleague.pk,
            "identity.organisations": self.office.pk, "citizen.residents": self.resident.pk,
        }  # fmt: skip

    def make_rights(self) -> None:
        """A post, a grant, a substitution and a move of the other district; of what is the whole city's, any row."""
        today = clock.today()
        district = self.office.parent
        assert district is not None
        people = Account.objects.filter(organisation=district).order_by("pk")
        grant = Grant.objects.create(
            giver=district,
            organisation=self.office,
            title="X",
            rights=["supply.unit.view"],
            reach="org",
            starts_on=today,
        )
        # a grant binds its organisation; the other tests' people of that operator keep what their roles say
        Organisation.objects.filter(pk=self.office.pk).update(governed=False)
        post = Post.objects.create(organisation=self.office, title="X", reach="org", **self.own)
        standing = Substitution.objects.create(
            absent=people[0], substitute=people[1], starts_on=today, ends_on=today, reason="X", **self.own
        )
        change = OrganisationChange.objects.create(
            organisation=self.office, kind="move", before=district, after=district, old_path="/0/", reason="X",
            new_path=self.office.path, at=clock.now(), actor="system:0", actor_name="X",
        )  # fmt: skip
        application = Application.objects.create(key="theirs", title="X", path="/x")
        client = AppClient.objects.create(application=application, client_id="app_theirs", kind="public", redirects="")
        account = Account.objects.order_by("pk").filter(org_path=self.office.path)[0]
        login = AppLogin.objects.create(
            client=client, account=account, session=Session.objects.create(
                digest=b"theirs", kind="staff", account_id=account.pk, created_at=clock.now(), last_seen_at=clock.now(),
                expires_at=clock.now() + timedelta(days=9),
            ), scopes=["openid"], code=b"theirs", code_expires_at=clock.now(), redirect="", began_at=clock.now(),
        )  # fmt: skip
        self.ids |= {
            "login_id": login.pk,
            "role_id": Role.objects.order_by("pk")[0].pk, "post_id": post.pk, "grant_id": grant.pk,
            "organisation_id": self.office.pk, "substitution_id": standing.pk,
            "menu_id": MenuItem.objects.get(key="units").pk,
            "app_id": application.pk,
        }  # fmt: skip
        self.rows |= {
            "identity.posts": post.pk, "identity.grants": grant.pk, "identity.substitutions": standing.pk,
            "identity.organisation_changes": change.pk, "identity.roles": self.ids["role_id"],
            "identity.apps": application.pk, "identity.clients": client.pk,
            "identity.functions": FunctionPoint.objects.order_by("pk")[0].pk,
        }  # fmt: skip

    def make_gateway(self) -> None:
        """The other operator's party with all that hangs on it; of the catalogue, which is the whole city's, any row."""
        made = party("theirs", self.office, "units")
        role = PartyRole.objects.create(key="theirs", title="供给方")
        units = Service.objects.get(key="units")
        subscription = Subscription.objects.create(party=made, url="http://127.0.0.1:9/", kinds="account", secret="x")
        self.ids["subscription_id"] = subscription.pk
        call = Call.objects.create(
            at=clock.now(), party=made, method="GET", path="/", status=200, result="ok", bytes_in=0, bytes_out=0,
            duration_us=1, trace_id="0" * 32, **self.own,
        )  # fmt: skip
        self.rows |= {
            "gateway.parties": made.pk, "gateway.grants": made.grants.get().pk, "gateway.calls": call.pk,
            "gateway.credentials": issue(actor=self.actor, party=made, kind="client").credential.pk,
            "gateway.limits": Limit.objects.create(party=made, service=units, rate_calls=1).pk,
            "gateway.roles": role.pk, "gateway.services": units.pk, "gateway.classes": units.flow_id,
            "gateway.operations": units.operations.all()[0].pk,
            "gateway.role_services": RoleService.objects.create(role=role, service=units, level=1).pk,
            "gateway.subscriptions": subscription.pk,
            "gateway.alarms": AlarmRule.objects.create(title="X", metric="errors", threshold=1).pk,
        }  # fmt: skip

    def make_trust(self) -> None:
        """A certificate and a device of the other operator; times of keeping, which are the whole city's."""
        moment = clock.real_now()
        device = Device.objects.create(code="vm-theirs", name="服务器", kind="virtual", **self.own)
        rule = RetentionRule.objects.create(
            kind="matrix", title="X", ending="erase", least_months=1, months=1, created_by="system:0"
        )
        self.rows |= {
            "trust.certificates": UserCertificate.objects.create(
                account_id=self.ids["account_id"], account_name="X", holder="X", subject="X", issuer="X", serial="1",
                fingerprint="0", not_before=moment, not_after=moment + timedelta(days=1), content=b"0", **self.own,
            ).pk,
            "trust.devices": device.pk,
            "trust.device_records": DeviceRecord.objects.create(
                device=device, number=1, kind="log", at=moment, text="X", digest=b"0", value=b"0", received_at=moment
            ).pk,
            "trust.retention": rule.pk,
            "trust.retention_runs": RetentionRun.objects.create(
                rule=rule, at=moment, actor="system:0", preview=True, before=moment, rows=0, held=0
            ).pk,
        }  # fmt: skip

    def make_workspace(self) -> None:
        """A task and a notice of the other district's office."""
        task = Task.objects.create(
            source="party:1", source_title="X", key="X", name="X", requirement="X", assignee_ref="staff:0",
            assignee_name="X", **self.own,
        )  # fmt: skip
        notice = OfficeNotice.objects.create(title="X", body="X", areas=[OTHER_DIVISION], **self.own)
        self.ids |= {"task_id": task.pk, "notice_id": notice.pk}
        self.rows |= {"workspace.tasks": task.pk}

    def make_construction(self) -> None:
        """A project of the other district with its plan of a year, and figures whose years and months are in bounds."""
        project = Project.objects.create(name="南屏大居", **self.own)
        plan = AnnualPlan.objects.create(name="X", year=2027, **self.own)
        month = MonthlyProgress.objects.create(
            plan=plan, project=project, month="2027-01", investment=1, floor_area=1, **self.own
        )
        figure = Indicator.objects.create(year=2026, name="X", value=1, unit="X", **self.own)
        self.rows |= {
            "construction.projects": project.pk, "construction.annual_plans": plan.pk,
            "construction.monthly_progress": month.pk, "construction.indicators": figure.pk,
        }  # fmt: skip

    def make_talent(self) -> None:
        """A talent batch of the other district with a marked unit, a talent, and what the platform was told of him."""
        batch = TalentBatch.objects.create(
            project=self.unit.project, year=2027, number=9, managing_division=OTHER_DIVISION, **self.own
        )
        held = TalentUnit.objects.create(
            batch=batch,
            unit=self.unit,
            level="district",
            category="class_a",
            managing_division=OTHER_DIVISION,
            **self.own,
        )
        talent = Talent.objects.create(
            holder_key=blind("1"), name="周桂芳", document_type="id_card", number="330", **self.own
        )
        qualification = QualificationPush.objects.create(certificate=self.certificate, talent=talent, **self.own)
        contract = TalentContract.objects.create(
            contract_id=self.ids["contract_id"], talent_no="RC1", level="city", **self.own
        )
        self.rows |= {
            "supply.talent_batches": batch.pk, "supply.talent_units": held.pk, "eligibility.talents": talent.pk,
            "eligibility.qualification_pushes": qualification.pk, "tenancy.talent_contracts": contract.pk,
        }  # fmt: skip

    def make_registers(self) -> None:
        """A row of every other register in the other district; where the demonstration has none, one made of words."""
        self.make_gateway()
        self.make_workspace()
        self.make_trust()
        self.make_construction()
        self.make_talent()
        Bed.objects.create(room=Room.objects.create(unit=self.unit, number="A", **self.own), number="1", **self.own)
        staged = SetupUnit.objects.filter(batch__division=OTHER_DIVISION, unit=None)[0]
        self.rows["supply.setup_units"] = staged.pk
        plan = ReservePlan.objects.filter(division=OTHER_DIVISION)[0]
        holding = ReserveHolding.objects.create(plan=plan, unit=self.unit, since=clock.now(), released_at=clock.now())
        self.rows["supply.reserve_holdings"] = holding.pk
        self.rows["supply.pushes"] = UnitPush.objects.create(unit=self.unit, system="data_hub").pk
        survey = Survey.objects.create(
            city="339900", title="X", opens_on=clock.today(), closes_on=clock.today(), **self.own
        )
        answer = SurveyAnswer.objects.create(survey=survey, resident_id=self.resident.id, people=1, **self.own)
        self.ids["survey_id"] = survey.pk
        self.rows |= {"citizen.surveys": survey.pk, "citizen.survey_answers": answer.pk}
        attribute = Attribute.objects.create(register="supply.estates", key="x", title="X", type="text", active=False)
        self.rows["registers.attributes"] = attribute.pk
        for key, register in REGISTERS.items():
            if key in self.rows or register.rights.path != "org_path":
                continue
            rows = register.model._default_manager
            found = rows.filter(division=OTHER_DIVISION).first()
            self.rows[key] = (found or rows.create(**self.words(register.model), **self.own)).pk

    @staticmethod
    def words(model: type[Model]) -> dict[str, Any]:
        """Something for every text, number and day that must be filled; of a closed list its first."""
        made: dict[str, Any] = {}
        for field in model._meta.fields:
            if field.has_default() or field.primary_key or field.null:
                continue
            if isinstance(field, CharField):
                made[field.name] = str(field.choices[0][0]) if field.choices else "X"
            elif isinstance(field, ForeignKey):
                made[field.name] = field.related_model._default_manager.filter(division=OTHER_DIVISION).first()
            elif isinstance(field, DecimalField | IntegerField):
                # a case that the demonstration does not have
                made[field.name] = 999_999_999 if field.name == "case_id" else 1
            elif isinstance(field, DateTimeField):
                if not (field.auto_now or field.auto_now_add):
                    made[field.name] = clock.now()
            elif isinstance(field, DateField):
                made[field.name] = clock.today()
        return made

    def named(self, operation: Any) -> dict[str, Any]:
        """The ids that an operation's address asks for."""
        ids = dict(self.ids)
        if operation.register:
            ids["row_id"] = self.rows.get(operation.register)
        if operation.path.startswith("/workspace/messages/"):
            ids["message_id"] = ids["staff_message_id"]
        return ids
