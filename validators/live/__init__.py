"""Sống: papers, forms, procedures and signatures are in force on the day that counts."""
