"""What a body can ask the installation that leads a request to let happen."""

from enum import StrEnum

REQUEST_ACT = "mutual_request.act"


class ActKind(StrEnum):
    """What can be asked for from elsewhere."""

    ACCEPT = "accept"
    ANSWER = "answer"
    REFUSE = "refuse"
    FORWARD = "forward"
    SPLIT = "split"
    DEADLINE = "deadline"
    REVISE_AGREEMENT = "revise_agreement"
    SIGN_AGREEMENT = "sign_agreement"
    ABANDON_AGREEMENT = "abandon_agreement"
    WITHDRAW_FROM_AGREEMENT = "withdraw_from_agreement"
