"""Households: persons, what is known of them, and the household as it stood on the day of an application.

Terms: person (人员), identity document (证件), dealing (业务往来: an office has to do with a person and may see him),
fact (事实, append-only, with the day from which it holds), household snapshot (家庭快照). A person is the same person
by document type and number; a 15-digit identity number is turned into 18 digits first. Numbers are encrypted and found
through a blind index only.
"""
