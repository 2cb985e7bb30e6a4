"""What can go wrong with statistics."""

from recognition_service.errors import InvalidInputError, RecognitionError


class PeriodNotPublishedError(InvalidInputError):
    """There are no statistics of this period, or not yet."""

    code = "period_not_published"
    title = "There are no statistics of this period"


class StatisticsQuestionError(InvalidInputError):
    """The figures are not counted in this way."""

    code = "statistics_question"
    title = "The figures are not counted in this way"


class UnprotectedTableError(RecognitionError):
    """A table cannot be published without telling about single persons."""

    code = "unprotected_table"
    title = "The table cannot be published safely"
