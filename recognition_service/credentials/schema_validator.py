"""The full JSON Schema implementation, for everything but the hot path.

Source: JSON Schema Core and Validation 2020-12.
"""

from jsonschema import Draft202012Validator

from recognition_service.credentials.recognition_schema import recognition_schema


def recognition_validator(public_url: str) -> Draft202012Validator:
    """Return the validator of our published schema."""
    return Draft202012Validator(recognition_schema(public_url))
