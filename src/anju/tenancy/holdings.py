"""What of the tenancies belongs to organisations (PR-25.1)."""

from anju.identity.holdings import keeps

keeps("tenancy.Contract", "份", "合同")
keeps("tenancy.PaperTemplate", "份", "合同模板")
keeps("tenancy.PrintRight", "条", "打印权限", column="organisation")
keeps("tenancy.PrintRight", "条", "打印权限登记")
