"""A developer's account files for its own company: the matter begins with it and is filed for no other."""

from __future__ import annotations

from copy import deepcopy

import pytest

from anju.construction.models import Bridging, LargeEstate
from tests.construction.answers import ANSWERS
from tests.construction.works import Site

pytestmark = pytest.mark.django_db
OWN, CREDIT = "澜州江湾城建开发有限公司", "91339901MA2K1DV01X"


def test_a_matter_begins_with_the_company_that_files_it_and_is_filed_for_no_other(site: Site) -> None:
    api = site.staff("jianshe")
    before = api.get("/cases/matters/construction.estate").json()
    assert (before["begins"], before["fixed"]) == ({"developer": {"name": OWN, "contact": "陆建"}}, ["developer.name"])
    # the city confirms the company: from then on its credit code is known
    proven = site.draft("developer", "zhoumin")
    site.upload(site.staff("zhoumin"), f"/cases/drafts/{proven['id']}/materials", klass="qualification")
    site.act(site.file_draft(proven, "zhoumin"), "gaoyuan")
    kind = api.get("/cases/matters/construction.estate").json()
    assert kind["begins"]["developer"] == {"name": OWN, "credit_code": CREDIT, "contact": "陆建"}
    begun = api.post(
        "/cases/drafts", {"type": "construction.estate", "data": {"developer": {"contact": "陆工"}}}
    ).json()
    assert begun["data"]["developer"] == {"name": OWN, "credit_code": CREDIT, "contact": "陆工"}

    data = deepcopy(ANSWERS["estate"])
    data["developer"]["name"] = "南屏安居建设有限公司"
    draft = site.draft("estate", data=data)
    assert draft["data"]["developer"]["name"] == OWN
    case = site.file_draft(draft, "jianshe")
    assert LargeEstate.objects.get(case_id=case.pk).developer == OWN
    site.act(case, "zhoumin", "correct")
    page = site.take(case, "jianshe")
    assert page["task"]["fixed"] == ["developer.name"]
    site.edit(case, "jianshe", {"developer": data["developer"]})
    assert LargeEstate.objects.get(case_id=case.pk).developer == OWN


def test_what_may_be_filed_for_another_company_only_begins_with_one_s_own(site: Site) -> None:
    kind = site.staff("jianshe").get("/cases/matters/construction.bridging").json()
    assert (kind["begins"], kind["fixed"]) == ({"supply": {"developer": OWN}}, [])
    data = deepcopy(ANSWERS["bridging"])
    data["supply"]["developer"] = "南屏安居建设有限公司"
    case = site.file("bridging", data=data)
    assert Bridging.objects.get(case_id=case.pk).developer == "南屏安居建设有限公司"


def test_an_office_begins_with_nobody_s_company(site: Site) -> None:
    kind = site.staff("zhoumin").get("/cases/matters/construction.developer").json()
    assert (kind["begins"], kind["fixed"]) == ({}, [])


def test_a_draft_that_is_no_form_is_no_failure(site: Site) -> None:
    api = site.staff("jianshe")
    made = api.post("/cases/drafts", {"type": "construction.permit", "data": {"developer": "甲", "basic": [1]}})
    assert made.status_code == 200, made.content.decode()
    assert made.json()["data"]["developer"] == {"name": OWN}
    asked = {"key": "reservation", "asked": {"number": "YS20260001", "credit_code": CREDIT}}
    found = api.post(f"/cases/drafts/{made.json()['id']}/fetch", asked)
    assert found.status_code == 200, found.content.decode()
