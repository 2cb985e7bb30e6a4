"""The permanent names of all that a verification can find."""

from enum import StrEnum


class Code(StrEnum):
    """Why a check failed, was not performed, or what a verdict rests on."""

    # Not a genuine attestation.
    MALFORMED = "malformed_token"
    MALFORMED_CLAIMS = "malformed_claims"
    TOO_LARGE = "too_large"
    NOT_A_CREDENTIAL = "not_a_credential"
    WRONG_TYPE = "wrong_type"
    CLAIMS_CONFLICT = "claims_conflict"
    HEADER_NOT_ALLOWED = "header_not_allowed"
    ALG_NOT_ALLOWED = "alg_not_allowed"
    ALG_NOT_OF_KEY = "alg_not_of_key"
    KEY_UNKNOWN = "key_unknown"
    KEY_NOT_OF_ISSUER = "key_not_of_issuer"
    KEY_WRONG_PURPOSE = "key_wrong_purpose"
    BAD_SIGNATURE = "bad_signature"
    HOLDER_BINDING_FAILED = "holder_binding_failed"

    # Nothing wrong was found, but something could not be confirmed.
    FORMAT_NOT_SUPPORTED = "format_not_supported"
    TRUST_MISSING = "trust_missing"
    TRUST_STALE = "trust_stale"
    ISSUER_UNKNOWN = "issuer_unknown"
    ISSUER_IS_TEST = "issuer_is_test"
    ISSUER_NOT_TRUSTED_AT_ISSUE = "issuer_not_trusted_at_issue"
    ISSUER_NO_LONGER_TRUSTED = "issuer_no_longer_trusted"
    KEY_UNUSABLE = "key_unusable"
    KEY_COMPROMISED_LATER = "key_compromised_later"
    COPY_EXPIRED = "copy_expired"
    SCHEMA_MISMATCH = "schema_mismatch"
    STATUS_NOT_DECLARED = "status_not_declared"
    STATUS_MISSING = "status_missing"
    STATUS_MALFORMED = "status_malformed"
    STATUS_MISMATCH = "status_mismatch"
    STATUS_KEY_UNKNOWN = "status_key_unknown"
    STATUS_BAD_SIGNATURE = "status_bad_signature"
    STATUS_STALE = "status_stale"
    STATUS_ROLLED_BACK = "status_rolled_back"
    STATUS_INDEX_OUT_OF_RANGE = "status_index_out_of_range"
    STATUS_VALUE_UNKNOWN = "status_value_unknown"
    STATUS_NOT_AS_OF_DATE = "status_not_as_of_date"
    JOINT_AWARD_INCOMPLETE = "joint_award_incomplete"
    JOINT_PEER_UNCONFIRMED = "joint_peer_unconfirmed"
    JOINT_HOLDERS_DIFFER = "joint_holders_differ"
    HOLDER_BINDING_MISSING = "holder_binding_missing"

    # Genuine, but not valid at the asked instant.
    SIGNED_BEFORE_KEY_PERIOD = "signed_before_key_period"
    SIGNED_AFTER_RETIREMENT = "signed_after_retirement"
    SIGNED_AFTER_COMPROMISE = "signed_after_compromise"
    ISSUED_IN_FUTURE = "issued_in_future"
    NOT_YET_VALID = "not_yet_valid"
    DECISION_ENDED = "decision_ended"
    MANDATE_MISSING = "mandate_missing"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    SUPERSEDED = "superseded"
    JOINT_PEER_NOT_VALID = "joint_peer_not_valid"
    JOINT_SUBJECTS_DIFFER = "joint_subjects_differ"
    JOINT_MISMATCH = "joint_mismatch"

    # Valid, with conditions.
    MEASURES_OUTSTANDING = "measures_outstanding"
    OUTCOME_CONDITIONAL = "outcome_conditional"
    OUTCOME_PARTIAL = "outcome_partial"
    OUTCOME_PARTIAL_ACCESS = "outcome_partial_access"
    OUTCOME_ALTERNATIVE = "outcome_alternative"
    OUTCOME_PROVISIONAL = "outcome_provisional"
    LIMITATIONS_APPLY = "limitations_apply"

    # Valid.
    VALID = "valid"
    RECOGNITION_REFUSED = "recognition_refused"

    # Passed, with something to show.
    KEY_RETIRED_SINCE = "key_retired_since"
    MANDATE_ENDED_SINCE = "mandate_ended_since"
    STATUS_FROM_LATER_LIST = "status_from_later_list"

    # Not performed.
    NOT_REACHED = "not_reached"
    NOT_APPLICABLE = "not_applicable"
    NO_PRESENTATION = "no_presentation"
    NOT_A_DOCUMENT = "not_a_document"
