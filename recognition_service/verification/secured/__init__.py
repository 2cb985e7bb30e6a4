"""Credentials and presentations of anybody: are they what was signed, and in force?

A narrower question than that of `verify`: no trust list, no mandate, no verdict.
"""
