"""用户证书: who signs in shows that he holds the key of a certificate bound to his account (SH-233.1, SH-234.1)."""
