"""项目建设 construction: projects before they are homes, from the annual plan to the pre-sale permit.

Terms: 大型居住社区 (大居) large residential estate, 基地 base, 地块 plot, 建设单位 developer, 项目认定 recognition,
预售许可 pre-sale permit, 搭桥供应 bridging supply, 归档 to archive. No table of it knows a unit of `anju.supply`.
"""
