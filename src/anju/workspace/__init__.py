"""Workspace: what reaches a person's desk or phone, and how anything is found.

Terms: message (站内消息), text message (短信), search (全局搜索). Messages and text messages are stored in the
transaction of the change they tell of; text messages leave through the gateway connector in the worker.
"""
