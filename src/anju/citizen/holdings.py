"""What of the residents' side belongs to organisations (PR-25.1)."""

from anju.identity.holdings import keeps

keeps("citizen.Notice", "条", "公告")
keeps("citizen.Survey", "份", "需求调查")
keeps("citizen.SurveyAnswer", "份", "需求调查答卷")
keeps("citizen.IdentityVerification", "次", "实名核验")
