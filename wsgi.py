"""The application for a WSGI server of the operator's choice: `wsgi:app`.

Settings come from the environment. The worker runs apart: `recognition worker`.
`VC_API_OPEN` is refused, because nobody knows here who can reach the server.
"""

from recognition_service.app import create_app
from recognition_service.config import read_config
from recognition_service.runtime.opening import open_runtime

app = create_app(open_runtime(read_config()))
