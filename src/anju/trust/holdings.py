"""What trust keeps under an organisation."""

from anju.identity.holdings import keeps

keeps("trust.Device", "台", "设备")
keeps("trust.UserCertificate", "张", "用户证书")
