"""The web server: pages and API on one address, over one Assistant."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.knowledge.yaml_files import KnowledgeError
from bot.service.assistant import open_assistant
from bot.service.shared import SharedMemory
from bot.settings import Settings, SettingsError
from bot.store.cipher import CipherError
from channels import registry
from channels.address import ADDRESS_KEY
from channels.agent.errors import answer_with_agent_pages
from channels.agent.page import prepare_desk
from channels.agent.routes import ROUTES as AGENT_ROUTES
from channels.api.problems import answer_problems
from channels.borne.forgetting import forget_left
from channels.borne.page import prepare_kiosk
from channels.borne.routes import ROUTES as KIOSK_ROUTES
from channels.borne.routes import answer_with_kiosk_pages
from channels.connections import serve
from channels.console.errors import answer_with_console_pages
from channels.console.keys import CONSOLE
from channels.console.page import prepare_console
from channels.console.routes import ROUTES as CONSOLE_ROUTES
from channels.cookie import Credentials
from channels.form_id import FORM_IDS, FormIds
from channels.keys import ASSISTANT, LIMITS, SETTINGS, STREAMS
from channels.limits import Limits
from channels.metrics import serve_metrics
from channels.once import Once
from channels.routes import API_ROUTES, PAGE_ROUTES
from channels.security import add_security_headers, compress
from channels.streams import OpenStreams
from channels.talk.surface import NEW_CONVERSATIONS
from channels.web.errors import answer_with_pages
from channels.web.page import PAGES, prepare_pages
from channels.widget.page import prepare_frame
from channels.widget.routes import ROUTES as FRAME_ROUTES
from channels.widget.routes import answer_with_frames


def create_app(settings: Settings) -> web.Application:
    """Return the application; it opens its Assistant when it starts and closes it when it stops."""
    app = web.Application(
        middlewares=[
            compress,
            answer_problems,
            answer_with_pages,
            answer_with_console_pages,
            answer_with_agent_pages,
            answer_with_frames,
            answer_with_kiosk_pages,
        ]
    )
    app[SETTINGS] = settings
    app[STREAMS] = OpenStreams()
    app[NEW_CONVERSATIONS] = Once("conversation", asdict, lambda value: Credentials(**value))
    prepare_pages(app)
    prepare_console(app)
    prepare_desk(app)
    prepare_frame(app)
    prepare_kiosk(app)
    channels = registry.channels()
    app.add_routes([*API_ROUTES, *PAGE_ROUTES, *CONSOLE_ROUTES, *AGENT_ROUTES, *FRAME_ROUTES, *KIOSK_ROUTES])
    app.add_routes(route for channel in channels for route in channel.routes)
    app.on_response_prepare.append(add_security_headers(settings))
    app.on_shutdown.append(_close_streams)
    app.cleanup_ctx.append(_assistant)
    app.cleanup_ctx.append(serve_metrics)
    app.cleanup_ctx.append(forget_left)
    app.cleanup_ctx.extend(channel.open for channel in channels)
    return app


async def _assistant(app: web.Application) -> AsyncIterator[None]:
    voices = {channel.name: channel.voice for channel in registry.channels()}
    async with open_assistant(app[SETTINGS], voices) as assistant:
        app[ASSISTANT] = assistant
        assistant.composer.can_text = any(
            channel.counts_segments and channel.is_set_up(app[SETTINGS]) for channel in registry.channels()
        )
        shared = assistant.shared
        app[ADDRESS_KEY] = assistant.derive_key("addresses") if shared else secrets.token_bytes(32)
        app[LIMITS] = Limits(app[SETTINGS], assistant.danger, shared)
        # The same after a restart: a form sent twice around it is still taken once.
        app[FORM_IDS] = FormIds(assistant.derive_key("form_ids"))
        _act_once_among_all(app, shared)
        yield


def _act_once_among_all(app: web.Application, shared: SharedMemory | None) -> None:
    pages = app[PAGES]
    for once in (app[NEW_CONVERSATIONS], pages.new_demandes, pages.new_reports, app[CONSOLE].acts):
        once.share(shared)


async def _close_streams(app: web.Application) -> None:
    app[STREAMS].close()


def run_server(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; what is being answered at that moment is answered first."""
    app, several = create_app(settings), settings.channel_workers > 1
    asyncio.run(serve(app, settings.public_host, settings.public_port, reuse_port=several))


def main() -> int:
    """Run the server from the environment. Returns 1 with a sentence in French when it cannot start."""
    try:
        run_server(registry.load_all_settings())
    except (SettingsError, KnowledgeError, CipherError, OSError) as error:
        print(f"Le serveur ne démarre pas : {error}", file=sys.stderr)
        return 1
    except SQLAlchemyError as error:  # its words may hold those of the database, and its address
        print(f"Le serveur ne démarre pas : la base ne s'ouvre pas ({type(error).__name__})", file=sys.stderr)
        return 1
    return 0
