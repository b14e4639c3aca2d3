"""密码与印章: the seals with which the city's offices sign what they issue.

An organisation's electronic seal (电子印章) is a picture of its round red seal and a certificate with which PDFs are
signed (PAdES). In a demonstration the certificates are our own, made on first use under the secrets' folder; a city
puts the certificates of its licensed authority there instead. What others call is in `anju.trust.services`.
"""
