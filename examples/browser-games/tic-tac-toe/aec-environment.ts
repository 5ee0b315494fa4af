/** What a game of turns has besides its rules, in the words of PettingZoo. */
export abstract class AECEnvironment {
    abstract readonly possibleAgents: readonly string[];
    agents: string[] = [];
    agentSelection: string | null = null;
    rewards: Record<string, number> = {};
    terminations: Record<string, boolean> = {};
    truncations: Record<string, boolean> = {};

    abstract observationSpace(agent: string): unknown;
    abstract actionSpace(agent: string): unknown;
    abstract reset(seed?: number): Promise<void>;
    abstract observe(agent: string): number[];
    abstract step(action: number): Promise<void>;

    protected begin(): void {
        this.agents = [...this.possibleAgents];
        this.agentSelection = this.agents[0] ?? null;
        for (const agent of this.agents) {
            this.rewards[agent] = 0;
            this.terminations[agent] = false;
            this.truncations[agent] = false;
        }
    }

    protected end(): void {
        for (const agent of this.agents) {
            this.terminations[agent] = true;
        }
        this.agents = [];
        this.agentSelection = null;
    }
}
