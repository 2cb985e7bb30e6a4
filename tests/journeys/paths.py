"""Bodies about tracks to two awards: A of ma-demo, B of be-fl-demo."""

LIST = "/dual-certifications"
EVIDENCE = "sha256-" + "A" * 43
BOTH = [{"target": "A", "rule": "std-a-4.2"}, {"target": "B", "rule": "std-b-7"}]


def a_unit(number, **more):
    return {
        "id": f"u{number}",
        "title": f"Unit {number}",
        "credits": "30",
        "provider": "Institute of Rabat (example)",
        "place": "MA",
        "phase": 1,
        "counts_for": BOTH,
    } | more


def a_target(key="A", **more):
    qualification, authority = {
        "A": ("ma-cnc--specialised-technician-diploma", "ma-demo"),
        "B": ("be-fl-vks--associate-degree", "be-fl-demo"),
    }.get(key, ("be-fl-vks--associate-degree", "be-fl-demo"))
    return {
        "key": key,
        "qualification": qualification,
        "authority": authority,
        "requirements": {"credits": 120},
        "depends_on": None,
        "basis": "programme",
    } | more


def a_track(**more):
    """120 credits of each award over five units of 30, two of them in Flanders."""
    return {
        "programme": "prog-example-1",
        "participant_ref": "P-0042",
        "track": "away",
        "applicant": {
            "family_name": "Haddad",
            "given_name": "Amina",
            "birth_date": "2003-05-17",
        },
        "consent": {"joint_form": True, "follow_up": False, "given_on": "2026-09-01"},
        "targets": [a_target("A"), a_target("B")],
        "units": [
            *[a_unit(number) for number in (1, 2, 3)],
            *[a_unit(number, place="BE-FL", phase=2) for number in (4, 5)],
        ],
    } | more


def opened(office, **more):
    answer = office.post(LIST, a_track(**more))
    assert answer.status_code == 201, answer.json
    return answer.json


def put(office, track, path, body, **more):
    """PUT a sub-resource of a track, naming the version that was read."""
    of = f"{LIST}/{track['id']}"
    return office.change(f"{of}/{path}", body, of=of, **more)


def achieve(office, track, *units, **more):
    """Record results, and return the track."""
    for unit in units:
        result = {
            "achieved_on": "2026-10-01",
            "assessor": "Example assessor",
            "evidence": EVIDENCE,
        } | more
        answer = put(office, track, f"units/{unit}/result", result)
        assert answer.status_code == 200, answer.json
    return answer.json


def award(office, track, target, **more):
    body = {"status": "awarded", "awarded_on": "2026-10-30", "how": "earned"} | more
    return put(office, track, f"awards/{target}", body)
