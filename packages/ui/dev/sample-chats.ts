const day = 86_400_000;

const answer = `**P-103** first. It delivers 12 to 14% less flow than its sister pumps for nearly the same power.

| Pump | Flow, m³/h | Power, kW | Efficiency |
|---|--:|--:|--:|
| P-101 | 118 | 14.1 | 72.8% |
| P-102 | 121 | 13.6 | 75.0% |
| P-103 | 104 | 13.4 | 61.2% |

Efficiency is hydraulic power over shaft power:

$$\\eta = \\frac{\\rho g Q H}{P_{\\text{shaft}}} = 0.612$$

\`\`\`python
for name, (q, h, p) in pumps.items():
    eta = 998 * 9.81 * (q / 3600) * h / (p * 1000)
    print(f"{name}  {eta:.1%}")  # P-103  61.2%
\`\`\`
`;

export function sampleChats() {
  const now = Date.now();
  const titles: readonly (readonly [string, number])[] = [
    ["Pump service priority", 0],
    ["Clause comparison, lease A and B", 0.02],
    ["SQL for weekly downtime", 0.1],
    ["Explain Modbus register map", 1],
    ["解释一下什么是量化", 1.1],
    ["Rewrite notice in plain language", 1.4],
    ["Vacuum pump fault codes", 4],
    ["Python: read CSV by date", 5],
    ["Checklist for ISO 9001 review", 20],
    ["Interview questions, technician", 50],
  ];
  return titles.map(([title, daysAgo]) => ({
    title,
    updatedAt: now - daysAgo * day,
    turns: [["Compare the three cooling pumps. Which one should we service first?", answer]] as const,
  }));
}
