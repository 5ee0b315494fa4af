"""Policies on the Hugging Face Hub: `push` a folder with its model card, `pull` one.

Needs `pip install "hypertoken[hub]"`. Whoever may write is who HF_TOKEN, or the login of
`hf auth login`, says. Java carries these files in its jar and hands them to a Python that has
huggingface_hub (`hypertoken hub`, `io.hypertoken.learn.hub.Hub`), so they import nothing else of
this package but its errors.
"""

from hypertoken.hub.files import HubConfig, pull_from_hub, push_to_hub
from hypertoken.hub.pulling import pull
from hypertoken.hub.pushing import push

__all__ = ["HubConfig", "pull", "pull_from_hub", "push", "push_to_hub"]
