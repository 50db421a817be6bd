"""The description and the routes say the same."""

from typing import Any

from bot.answers.compose import Composer
from bot.model.answer import AnswerType
from bot.settings import load_settings
from channels.api.message_json import answer_json
from channels.routes import API_ROUTES
from tests.channels.talking import Client, knowledge


async def described(client: Client) -> dict[str, Any]:
    response = await client.get("/api/v1/openapi.json")
    assert response.status == 200
    return dict(await response.json())


async def test_every_route_is_described_and_nothing_else(client: Client) -> None:
    paths = (await described(client))["paths"]
    ours = {(route.path, route.method.lower()) for route in API_ROUTES}
    theirs = {(path, name) for path, item in paths.items() for name in item if name != "parameters"}
    assert theirs == ours


async def test_every_reference_of_the_description_exists(client: Client) -> None:
    description = await described(client)

    def visit(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                target: Any = description
                for part in node["$ref"].removeprefix("#/").split("/"):
                    target = target[part]
            for value in node.values():
                visit(value)
        elif isinstance(node, list):
            for value in node:
                visit(value)

    visit(description)


async def test_the_description_names_every_type_and_every_field_of_a_message(client: Client) -> None:
    message = (await described(client))["components"]["schemas"]["Message"]["properties"]
    assert message["type"]["enum"] == [kind.value for kind in AnswerType]
    composer = Composer(knowledge(), load_settings({}))
    for answer in (composer.fiche("apl", "montant"), composer.person(), composer.places("montauban")):
        assert set(answer_json(answer)) <= set(message)
