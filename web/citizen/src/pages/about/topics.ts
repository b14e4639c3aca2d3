/** The standing texts of the foot of the page. */
export interface Topic {
  title: string
  parts: { title: string; text: string[] }[]
}

export const TOPICS: Record<string, Topic> = {
  privacy: {
    title: '隐私说明',
    parts: [
      { title: '收集什么', text: ['你和家人的姓名、证件号码、手机号、住房、收入，和你交的材料。只为办理住房保障。'] },
      {
        title: '给谁看',
        text: [
          '办理你这件事的工作人员。每看一次证件号码，系统都记下是谁、什么时候、为什么。',
          '核对时，姓名和证件号码会送到不动产登记、民政、社保等部门。',
        ],
      },
      {
        title: '怎么保管',
        text: ['证件号码、手机号、银行卡号加密存放，页面上遮住中间。', '照片在你的手机上压缩，拍摄地点会去掉。'],
      },
      { title: '公示', text: ['审核中要公示。名字只露姓，证件号码遮住，到期撤下。'] },
      { title: '草稿', text: ['没提交的申请存 90 天。你可以随时在“申请公租房”里删掉。'] },
    ],
  },
  accessibility: {
    title: '无障碍说明',
    parts: [
      { title: '大字', text: ['每一页右上角点“大字”，字就变大，这台设备会记住。'] },
      {
        title: '键盘和读屏',
        text: [
          '不用鼠标也能办完所有事。按 Tab 往下走，黄黑框是现在的位置。',
          '每页开头有“跳到正文”。地图旁边都有列表，内容一样。',
        ],
      },
      { title: '看不清、用不了', text: ['拨 12345 转 3，工作人员帮你办。也可以到街道的住房保障窗口。'] },
    ],
  },
  anju: {
    title: '关于安居',
    parts: [
      { title: '这是什么', text: ['安居是住房保障的网上办事处：申请公租房、看进度、轮候、选房、签合同，都在这里。'] },
      { title: '演示', text: ['这是演示系统，里面的人、编号和城市都是虚构的。'] },
      {
        title: '开放源码',
        text: ['安居按 Apache-2.0 许可发布。省界轮廓来自 Apache ECharts（Apache-2.0），只作示意。'],
      },
    ],
  },
}
