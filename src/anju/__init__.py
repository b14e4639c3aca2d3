"""安居 Anju: the platform with which cities run housing assistance (住房保障) from application to exit."""

__version__ = "0.1.0"
