"""Figures about cases that can be published: counted, protected, explained."""
