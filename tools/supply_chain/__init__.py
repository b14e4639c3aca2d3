"""What Anju is made of, as a bill of materials (CycloneDX), and the checks on it: licences, known vulnerabilities (NF-05.6)."""
